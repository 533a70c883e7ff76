// How HTML reports look, light and dark. Change the digest with the style sheet: a test tells it.
#include "report/html.h"

namespace dcv::report {

const std::string_view kStyleSheet = R"css(
:root { color-scheme: light dark; --line: #8886; --red: #b3261e; --green: #1b6e34; --amber: #8a5a00; --violet: #6a3fa0; }
@media (prefers-color-scheme: dark) { :root { --red: #ff8a80; --green: #7ddf9a; --amber: #ffc66d; --violet: #c7a6ff; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
pre, code { font-family: ui-monospace, monospace; } pre { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; }
.ready, ins { color: var(--green); } .blocked, .error, del { color: var(--red); }
.at-risk, .warning { color: var(--amber); } .unknown { color: var(--violet); }
ins, del { text-decoration: none; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); }
)css";

const std::string_view kStyleDigest = "AlDP/arLlSSdfPFJ5YUD2Uz6EgCGJG8ZLT+8t1VdiLc=";

}  // namespace dcv::report
