#pragma once
// Private to the DNSSEC family: judges one reply of a server of a zone by the zone's keys.

#include "check/dnssec_chain.h"

namespace dcv::check::dnssec {

// Data, or an alias, with authority.
bool is_answer(const observe::Exchange& exchange);
// There is no such name or type, with authority; with or without SOA.
bool is_denial(const observe::Exchange& exchange);
// Questions that a CA asks too, aside from those about keys.
bool is_asked_by_ca(observe::Purpose purpose);

// Each function is true if validators accept; what they do not goes into the view's problems.
class ReplyJudge {
 public:
  ReplyJudge(ZoneView& view, Signatures& signatures, const observe::Exchange& exchange)
      : view_(view), signatures_(signatures), exchange_(exchange) {}

  bool record_set(const SignedSet& set) { return record_set(set, view_.keys); }
  bool record_set(const SignedSet& set, const std::vector<dns::Record>& keys);
  // The records that answer the question at its name; what follows there is another question.
  bool answer();
  bool denial(const dns::Name& name, dns::RecordType type);
  void unsigned_set(const dns::Name& name, dns::RecordType type);
  // Notes the reply as judged.
  void done();

 private:
  bool can_hash(const dns::Name& name);
  bool denial_signatures();
  bool denial_state(dns::DenialState state, const dns::Name& name, dns::RecordType type);
  void note_iterations();
  void add(Fault fault, const dns::Name& name, dns::RecordType type,
           const SignatureReport& report = {});

  ZoneView& view_;
  Signatures& signatures_;
  const observe::Exchange& exchange_;
  bool sound_ = true;
};

}  // namespace dcv::check::dnssec
