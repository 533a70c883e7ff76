#pragma once
// Private to lib/rules: what the forms of an order file have in common.

#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"
#include "rules/order_file.h"

namespace dcv::rules {

// "there is no field …; near: …"; empty for a field that a line may have.
std::string unknown_order_field(std::string_view kind, std::string_view field,
                                const OrderBounds& bounds);

// Puts the line, its name brought into a CA's form, behind the others. Returns what is wrong with
// it; empty if nothing is.
std::string add_order_line(OrderLine line, std::vector<OrderLine>& lines, std::size_t most);

// The form in JSON; what is wrong has no `where` in front.
Result<std::vector<OrderLine>> order_from_json(std::string_view text, const OrderBounds& bounds);

}  // namespace dcv::rules
