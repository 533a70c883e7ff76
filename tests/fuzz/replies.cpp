// What an arbitrary reply means for a question that was asked of a zone's server: kinds of replies,
// zone cuts, aliases, denials.

#include "dns/reply_kind.h"

#include "dns/dnssec_denial.h"
#include "fuzz/message_use.h"
#include "observe/exchange.h"

using namespace dcv;

namespace {

constexpr dns::RecordType kTypes[] = {
    dns::RecordType::txt,    dns::RecordType::a,   dns::RecordType::ns,  dns::RecordType::ds,
    dns::RecordType::dnskey, dns::RecordType::caa, dns::RecordType::soa, dns::RecordType::cname};

void check_kind(const dns::Message& reply, const dns::Question& question, const dns::Name& zone) {
  const dns::ReplyKind kind = dns::classify(reply, question, zone);
  fuzz::require(dns::reply_kind(dns::text(kind)) == kind, "the word of a kind stands for it");
  fuzz::require(!dns::is_useful(kind) || !dns::is_lame(kind), "no kind is both useful and lame");
  const std::optional<dns::Name> cut = dns::referral_target(reply);
  if (kind == dns::ReplyKind::referral) {
    fuzz::require(cut && cut->is_below(zone) && question.name.is_within(*cut),
                  "a referral leads down, towards the name");
  }
  if (kind == dns::ReplyKind::alias) {
    fuzz::require(dns::alias_at(reply, question.name).has_value(), "an alias has a target");
  }
}

}  // namespace

// Input: the type asked for; how many labels of the name the zone has; whether the name is the
// reply's own or one of the first record's; the reply.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts(fuzz::text_of(data, size));
  const std::uint8_t type = parts.byte(), labels = parts.byte(), whose = parts.byte();
  const Result<dns::Message> reply = dns::decode_reply(parts.rest());
  if (!reply) return 0;
  dns::Question question;
  if (reply->question) question = *reply->question;
  const std::vector<dns::Record> records = fuzz::all_records(*reply);
  if (whose % 2 == 1 && !records.empty()) question.name = records[whose % records.size()].owner;
  if (type != 0) question.type = kTypes[type % std::size(kTypes)];
  const dns::Name zone = question.name.suffix(labels % (question.name.label_count() + 1));
  check_kind(*reply, question, zone);
  dns::zone_in(*reply);
  dns::check_denial(*reply, question.name, question.type, zone);
  dns::check_expansion(*reply, question.name, labels, zone);
  return 0;
}
