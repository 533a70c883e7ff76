// A provider as JSON: what is written is read, and what says nothing is left out.
#include "observe/json_provider.h"

#include "support/catch.h"

using namespace dcv::observe;

TEST_CASE("a provider comes back from JSON as it was") {
  Provider full;
  full.id = "own";
  full.title = "Own";
  full.method = "dns-01";
  full.type = dcv::dns::RecordType::ns;
  full.owner = "a";
  full.target = "b";
  full.suffix = "own.example";
  full.owner_form = "{host}";
  full.target_form = "{id}";
  full.id_hint = "there";
  full.cas = {"letsencrypt"};
  full.on_demand = full.same_host = full.retired = full.claimable = true;
  full.retired_since = "2025-10-28";
  full.most_aliases = 5;
  full.values = 2;
  full.twin_owner = "c";
  full.twin_target = "d";
  full.note = "Note.";
  full.source = "source";
  const nlohmann::json written = nlohmann::json::parse(provider_value(full).dump());
  CHECK(written.size() == 22);
  std::string error;
  const Provider read = read_provider(Field(&written, "", error));
  CHECK(error.empty());
  CHECK(provider_value(read) == provider_value(full));
  CHECK(provider_value(Provider{}) == nlohmann::ordered_json{{"type", "CNAME"}});
}
