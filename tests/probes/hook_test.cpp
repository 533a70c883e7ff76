#include "hook.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/catch.h"

using namespace dcv::probes;

TEST_CASE("a hook has none of our files but the event, and stderr twice") {
  std::string folder = (std::filesystem::temp_directory_path() / "dcv-hook-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string program = folder + "/hook";
  std::ofstream(program) << "#!/bin/sh\nls -l /proc/$$/fd > \"$0.files\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  std::ofstream output(folder + "/events.jsonl");
  const int ours = socket(AF_INET, SOCK_DGRAM, 0);  // as Asio opens them
  Hook hook(program, 10);
  REQUIRE(hook.start({}, 0).empty());
  while (!hook.poll(0)) usleep(1000);
  close(ours);

  std::ifstream file(program + ".files");
  const std::string files{std::istreambuf_iterator<char>(file), {}};
  INFO(files);
  CHECK(files.find(" 0 -> /memfd:dcv-watch-event") != std::string::npos);
  CHECK(files.find(" 1 -> ") != std::string::npos);
  CHECK(files.find(" 2 -> ") != std::string::npos);
  CHECK(files.find(" " + std::to_string(ours) + " -> socket:") == std::string::npos);
  CHECK(files.find("events.jsonl") == std::string::npos);
  std::filesystem::remove_all(folder);
}
