#include "watch_list.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "support/catch.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

// The list of this text, with 900 s where a line says nothing.
Result<WatchList> list_of(const std::string& text) {
  std::string folder = (std::filesystem::temp_directory_path() / "dcv-list-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
  const std::string path = folder + "/list";
  std::ofstream(path) << text;
  const tools::Environment environment{
      "test", {}, std::cout, std::cerr, false, false, 0, 0, 0, [] { return 1790000000.0; }, {}, {}};
  Result<WatchList> list = read_list(path, 900, {}, environment);
  std::filesystem::remove_all(folder);
  return list;
}

std::string fault(const std::string& text) {
  const auto list = list_of(text);
  return list ? "no fault" : list.error();
}

}  // namespace

TEST_CASE("each name has its interval; of several lines the shortest, or the usual one") {
  const auto list = list_of(
      "name\tmethod\tevery\n"
      "a.shop.example\tdns-01\t5m\n"
      "b.shop.example\n"
      "c.shop.example\tdns-01\t6h\nc.shop.example\thttp-01\t2h\n"
      "d.shop.example\tdns-01\t6h\nd.shop.example\thttp-01\t-\n");
  REQUIRE(list);
  CHECK(list->every == std::map<std::string, double>{{"a.shop.example", 300},
                                                     {"b.shop.example", 900},
                                                     {"c.shop.example", 7200},
                                                     {"d.shop.example", 900}});
  CHECK(list->plans.at("c.shop.example").targets.size() == 2);
}

TEST_CASE("a list in JSON has intervals, too") {
  const auto list = list_of(R"([{"name": "a.shop.example", "every": "90s"}])");
  REQUIRE(list);
  CHECK(list->every.at("a.shop.example") == 90);
}

TEST_CASE("an interval that is none is told with its name") {
  for (const std::string text : {"8d", "0", "5 minutes", "200h"})
    CHECK(fault("name\tevery\na.shop.example\t" + text + "\n")
              .find("/list: a.shop.example: every takes a duration such as ") != std::string::npos);
}
