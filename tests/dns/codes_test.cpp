// Protocol numbers and their words.

#include "dns/codes.h"

#include "support/catch.h"

using namespace dcv::dns;

TEST_CASE("known numbers have words, unknown ones their generic form") {
  CHECK(text(RecordType::txt) == "TXT");
  CHECK(text(RecordType::caa) == "CAA");
  CHECK(text(static_cast<RecordType>(59)) == "CDS");
  CHECK(text(static_cast<RecordType>(65280)) == "TYPE65280");
  CHECK(text(Rcode::nxdomain) == "NXDOMAIN");
  CHECK(text(Rcode::badcookie) == "BADCOOKIE");
  CHECK(text(static_cast<Rcode>(42)) == "RCODE42");
  CHECK(text(Opcode::query) == "QUERY");
  CHECK(text(static_cast<Opcode>(9)) == "OPCODE9");
  CHECK(class_text(1) == "IN");
  CHECK(class_text(3) == "CH");
  CHECK(class_text(42) == "CLASS42");
  CHECK(extended_error_text(6) == "DNSSEC Bogus");
  CHECK(extended_error_text(99) == "EDE 99");
}

TEST_CASE("type words are read in any case, and as TYPE and number") {
  CHECK(record_type("txt") == RecordType::txt);
  CHECK(record_type("Aaaa") == RecordType::aaaa);
  CHECK(record_type("TYPE257") == RecordType::caa);
  CHECK(record_type("type65535") == static_cast<RecordType>(65535));
  for (const char* word : {"", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "TXTT"}) {
    INFO(word);
    CHECK_FALSE(record_type(word));
  }
}
