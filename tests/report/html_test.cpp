// The report as a page.
#include "report/html.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "report/render.h"
#include "report/samples.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

std::string rendered(const report::Report& report) {
  return render(report, report::Format::html, {});
}

std::string sha256(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char encoded[64];
  const int length = EVP_EncodeBlock(encoded, digest, sizeof digest);
  return {reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length)};
}

}  // namespace

TEST_CASE("the HTML report of a blocked and of several names") {
  check_golden("report/blocked.html", rendered(report_of({blocked_target()})));
  check_golden("report/explained.html", rendered(report_of({explained_target()})));
  check_golden("report/several.html", rendered(several()));
  check_golden("report/several-cas.html", rendered(several_cas()));
}

TEST_CASE("the policy of the page allows its own style sheet and nothing else") {
  CHECK(report::kStyleDigest == sha256(report::kStyleSheet));
  const std::string page = rendered(report_of({ready_target()}));
  CHECK(page.find("content=\"default-src 'none'; style-src 'sha256-" + sha256(report::kStyleSheet) +
                  "'\"") != std::string::npos);
  CHECK(page.find(" style=") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("hostile text stays text in HTML") {
  const std::string page = rendered(report_of({hostile_target()}));
  check_golden("report/hostile.html", page);
  CHECK(page.find("</script>") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("&lt;/script&gt;&lt;img src=x&gt;&amp;amp;&quot;&#39;") != std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
}
