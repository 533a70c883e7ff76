// The profile that counts when none is named.
#include "observe/ca_profile.h"

namespace dcv::observe {

CaProfile default_profile() {
  constexpr double kFifthRemoteFrom = 1797292800;  // 2026-12-15T00:00:00Z, BR 3.2.2.9
  CaProfile profile;
  profile.name = "letsencrypt";
  profile.title = "Let's Encrypt";
  profile.identities = {"letsencrypt.org"};
  profile.methods = {"dns-01", "http-01", "tls-alpn-01"};
  profile.quorum = {{0, 4, 1}, {kFifthRemoteFrom, 5, 1}};
  profile.account_prefix = "https://acme-v02.api.letsencrypt.org/acme/acct/";
  profile.critical_flag_1 = true;
  profile.sources = {"https://letsencrypt.org/docs/caa/",
                     "https://github.com/letsencrypt/boulder/blob/main/va/caa.go"};
  return profile;
}

}  // namespace dcv::observe
