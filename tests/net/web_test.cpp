// Fetching from web servers that answer well, badly, slowly or not at all.

#include "net/web_support.h"

#include "net/limits.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Fetch;
using observe::Outcome;

TEST_CASE("a reply is kept with status, fields and body") {
  std::string request;
  HostileServer server({}, [&](Connection& client) {
    request = read_request(client);
    client.send(
        "HTTP/1.1 404 Not Found\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\n"
        "Location: /a\r\nLocation: /b\r\nContent-Length: 5\r\n\r\nhello and more");
    wait_for_client(client);
  });
  const Fetch fetch = fetch_one(web_request(server.port()));
  CHECK(request ==
        "GET /.well-known/x HTTP/1.1\r\nHost: app.shop.example:" + std::to_string(server.port()) +
            "\r\nUser-Agent: dcvtools/" DCV_VERSION "\r\nAccept: */*\r\nConnection: close\r\n\r\n");
  CHECK(fetch.outcome == Outcome::reply);
  CHECK(fetch.detail.empty());
  CHECK(fetch.connected);
  CHECK(fetch.status == 404);
  CHECK(fetch.server == "nginx/1.22.1");
  CHECK(fetch.content_type == "text/html");
  CHECK(fetch.location == "/a");
  CHECK(fetch.body == "hello");
  CHECK_FALSE(fetch.body_cut);
  CHECK(fetch.duration > 0);
  CHECK(fetch.duration < 0.4);
}

TEST_CASE("a body ends by its length, by its last chunk, or with the connection") {
  CHECK(fetch_from(answering("HTTP/1.0 200 OK\r\n\r\nto the end")).body == "to the end");
  const Fetch chunked =
      fetch_from(answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "3;name=value\r\none\r\n4\r\n two\r\n0\r\nLocation: /trailer\r\n\r\n"));
  CHECK(chunked.outcome == Outcome::reply);
  CHECK(chunked.body == "one two");
  CHECK(chunked.location.empty());
  CHECK(fetch_from(answering("HTTP/1.1 204 No Content\r\n\r\n")).outcome == Outcome::reply);
}

TEST_CASE("lines may end in LF alone, and replies that only inform are passed over") {
  const Fetch bare = fetch_from(answering("HTTP/1.1 200 OK\nServer: old\n\nbody"));
  CHECK(bare.server == "old");
  CHECK(bare.body == "body");
  const Fetch hinted =
      fetch_from(answering("HTTP/1.1 103 Early Hints\r\nLocation: /hint\r\n\r\n"
                           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  CHECK(hinted.status == 200);
  CHECK(hinted.location.empty());
  CHECK(hinted.body == "ok");
}

TEST_CASE("a long body is cut, and the rest is not waited for") {
  for (const std::string head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n"}) {
    const Fetch fetch = fetch_from([&](Connection& client) {
      read_request(client);
      client.send(head + std::string(net::kWebBody + 1, 'a'));
      wait_for_client(client);
    });
    CHECK(fetch.outcome == Outcome::reply);
    CHECK(fetch.body == std::string(net::kWebBody, 'a'));
    CHECK(fetch.body_cut);
  }
  const Fetch full =
      fetch_from(answering("HTTP/1.1 200 OK\r\n\r\n" + std::string(net::kWebBody, 'a')));
  CHECK(full.body.size() == net::kWebBody);
  CHECK_FALSE(full.body_cut);
}

TEST_CASE("a head that comes byte by byte is read") {
  const Fetch fetch = fetch_from([](Connection& client) {
    read_request(client);
    for (const char c : std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
      client.send({&c, 1});
      pause_for(0.002);
    }
    wait_for_client(client);
  });
  CHECK(fetch.outcome == Outcome::reply);
  CHECK(fetch.body == "ok");
}

TEST_CASE("a header without end is not read to its end") {
  const auto endless = [](Connection& client) {
    read_request(client);
    client.send("HTTP/1.1 200 OK\r\nX: ");
    while (client.send(std::string(1000, 'x'))) continue;
  };
  const Fetch fetch = fetch_from(endless);
  CHECK(fetch.outcome == Outcome::malformed);
  CHECK(fetch.detail == "SERVER sent a header of more than 16 KiB");
  const Fetch large = fetch_from(
      answering("HTTP/1.1 200 OK\r\nX: " + std::string(net::kWebHead, 'x') + "\r\n\r\n"));
  CHECK(large.detail == "SERVER sent a header of more than 16 KiB");
  const Fetch chunk = fetch_from([](Connection& client) {
    read_request(client);
    client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
    while (client.send(std::string(1000, 'x'))) continue;
  });
  CHECK(chunk.outcome == Outcome::malformed);
  CHECK(chunk.detail ==
        "SERVER sent an HTTP body that cannot be read (a chunk's header without end)");
}

TEST_CASE("what is not HTTP is told by how it begins") {
  const auto detail_of = [](const std::string& bytes) {
    const Fetch fetch = fetch_from(answering(bytes));
    CHECK(fetch.outcome == Outcome::malformed);
    CHECK(fetch.status == 0);
    return fetch.detail;
  };
  const std::string strange = "SERVER does not answer in HTTP/1: its reply begins with ";
  CHECK(detail_of("<html>HTTP/0.9</html>") == strange + "\"<html>HTTP/0.9</html>\"");
  CHECK(detail_of("SSH-2.0-OpenSSH_9.2\r\n") == strange + R"("SSH-2.0-OpenSSH_9.2\013\010")");
  CHECK(detail_of("HTTP/2.0 200 OK\r\n\r\n") == strange + R"("HTTP/2.0 200 OK\013\010\013\010")");
  CHECK(detail_of(std::string(41, '\x1b')).ends_with("\\027\"…"));
  CHECK(detail_of("\x15\x03\x01") == "SERVER speaks TLS where plain HTTP was asked for");
  CHECK(detail_of("HTTP/1.1 what\r\n\r\n") ==
        "SERVER sent an HTTP header that cannot be read (bad status)");
  CHECK(detail_of("HTTP/1.1 200 OK\r\nno colon\r\n\r\n") ==
        "SERVER sent an HTTP header that cannot be read (bad field)");
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const Fetch bad_chunk = fetch_from(answering(chunked + "zz\r\n"));
  CHECK(bad_chunk.outcome == Outcome::malformed);
  CHECK(bad_chunk.detail == "SERVER sent an HTTP body that cannot be read (bad chunk)");
}

TEST_CASE("an end before the reply is complete is told, with what came before") {
  const Fetch nothing = fetch_from(answering(""));
  CHECK(nothing.outcome == Outcome::closed);
  CHECK(nothing.detail == "SERVER closed the connection without a reply");
  const Fetch head = fetch_from(answering("HTTP/1.1 200 OK\r\nServer:"));
  CHECK(head.outcome == Outcome::closed);
  CHECK(head.detail == "SERVER closed the connection before the reply was complete");
  const Fetch cut = fetch_from(answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
  CHECK(cut.outcome == Outcome::closed);
  CHECK(cut.status == 200);
  CHECK(cut.body == "half");
  const Fetch reset = fetch_from([](Connection& client) {
    read_request(client);
    client.send("HTTP/1.1 200 OK\r\n\r\nhalf");
    pause_for(0.05);
    client.reset_on_close();
  });
  CHECK(reset.outcome == Outcome::closed);
  CHECK(reset.detail ==
        "SERVER closed the connection before the reply was complete (Connection reset by peer)");
}

TEST_CASE("silence and trickles end with the time for a reply") {
  const Fetch silent = fetch_from([](Connection& client) { wait_for_client(client); });
  CHECK(silent.outcome == Outcome::timeout);
  CHECK(silent.connected);
  CHECK(silent.detail == "SERVER sent no reply within 1.2 s");
  CHECK(silent.duration > 1.1);
  CHECK(silent.duration < 2);
  const Fetch trickle = fetch_from([](Connection& client) {
    client.send("HTTP/1.1 200 OK\r\n\r\n");
    while (client.send("a")) pause_for(0.05);
  });
  CHECK(trickle.outcome == Outcome::timeout);
  CHECK(trickle.status == 200);
  CHECK(trickle.body.find_first_not_of('a') == std::string::npos);
  CHECK(trickle.detail == "SERVER did not end its reply within 1.2 s");
  const Fetch half = fetch_from([](Connection& client) {
    client.send("HTTP/1.1 200");
    wait_for_client(client);
  });
  CHECK(half.detail == "SERVER did not end the header of its reply within 1.2 s");
}

TEST_CASE("a closed port refuses") {
  const HostileServer server({}, {});
  const Fetch fetch = fetch_one(web_request(server.port()));
  CHECK(fetch.outcome == Outcome::refused);
  CHECK_FALSE(fetch.connected);
  CHECK(fetch.detail == "could not connect to 127.0.0.1 (port " + std::to_string(server.port()) +
                            "): Connection refused");
}

TEST_CASE("addresses that must not be asked are not") {
  observe::Settings settings = web_settings();
  settings.ipv4 = false;
  CHECK(fetch_one(web_request(80), settings).detail == "IPv4 is switched off");
  settings.ipv6 = false;
  CHECK(fetch_one(web_request(80, false, "::1"), settings).detail == "IPv6 is switched off");
  settings = web_settings();
  settings.allow_private = false;
  const Fetch fetch = fetch_one(web_request(80, false, "10.0.0.1"), settings);
  CHECK(fetch.outcome == Outcome::not_asked);
  CHECK(fetch.detail == "the address is reserved (private use)");
}

TEST_CASE("the end of the run ends what is under way, and what comes after does not begin") {
  observe::Settings settings = web_settings(5);
  settings.timeout = 0.2;
  HostileServer server({}, [](Connection& client) { wait_for_client(client); });
  const auto web = net::make_web(settings, Watch());
  std::vector<Fetch> ended;
  const net::WebRequest request = web_request(server.port());
  web->fetch(request, [&](const Fetch& first) {
    ended.push_back(first);
    web->fetch(request, [&](const Fetch& second) { ended.push_back(second); });
  });
  web->run();
  REQUIRE(ended.size() == 2);
  for (const Fetch& fetch : ended) {
    CHECK(fetch.outcome == Outcome::not_asked);
    CHECK(fetch.detail == "the run's time-out of 0.2 s was reached");
  }
  CHECK(web->sent() == 1);
  CHECK(web->limits_reached() ==
        std::vector<std::string>{"the run's time-out of 0.2 s was reached"});
}

TEST_CASE("few connections at once go to one address, and a run has only so many") {
  HostileServer server({}, answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  const auto web = net::make_web(web_settings(5), Watch());
  int replies = 0, refusals = 0;
  for (int i = 0; i < net::kWebConnectionsPerRun + 2; ++i) {
    web->fetch(web_request(server.port()), [&](const Fetch& fetch) {
      replies += fetch.outcome == Outcome::reply;
      refusals += fetch.detail == "the limit of 1000 connections to web servers a run was reached";
    });
  }
  web->run();
  CHECK(replies == net::kWebConnectionsPerRun);
  CHECK(refusals == 2);
  CHECK(web->sent() == net::kWebConnectionsPerRun);
  CHECK(web->limits_reached().size() == 1);
}
