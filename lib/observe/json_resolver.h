#pragma once
// One resolver and its endpoint as JSON objects; for the files of this room that know JSON.

#include <nlohmann/json.hpp>

#include "observe/json_field.h"
#include "observe/resolver.h"

namespace dcv::observe {

nlohmann::ordered_json resolver_value(const Resolver& resolver);
Resolver read_resolver(const Field& field);

nlohmann::ordered_json endpoint_value(const Endpoint& endpoint);
Endpoint read_endpoint(const Field& field);

}  // namespace dcv::observe
