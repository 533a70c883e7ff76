#pragma once
// The light walk: from the deepest zone known towards a name, two servers at a time, disclosing
// to root and registries no more labels than they need (RFC 9156). Used to reach the registrable
// domain of a proof, the addresses of name servers, and names under suspicion.

#include <functional>
#include <memory>

#include "observe/observation.h"

namespace dcv::resolve {

class Survey;

class Descent : public std::enable_shared_from_this<Descent> {
 public:
  struct Goal {
    dns::Name name;
    dns::RecordType type = dns::RecordType::a;
    observe::Purpose purpose = observe::Purpose::address;  // of the final question
    bool only_to_zone = false;  // end at the first zone at or below the registrable domain
    int nest = 0;               // how many host look-ups deep
  };
  enum class End {
    zone,      // only_to_zone: `zone` is where the survey begins
    answer,    // `exchange` has the data
    alias,     // `exchange` leads to another name
    nodata,    // no such type there
    nxdomain,  // no such name
    failed,    // no usable reply on the way
    circular,  // a zone's addresses can be found only through the zone itself
  };
  struct Outcome {
    End end = End::failed;
    dns::Name zone;                    // the last zone asked
    observe::ExchangeId exchange = 0;  // for answer and alias
    int depth = 0;
  };
  using Done = std::function<void(const Outcome&)>;

  // Starts; `done` is called exactly once, perhaps at once. `depth`: of what is known so far.
  static void start(Survey& survey, const Goal& goal, int depth, Done done);

  // The zone waited for has a new address, or has none and never will.
  void resume();
  // Nothing else is under way: whatever this waits for waits for this.
  void give_up();

 private:
  Descent(Survey& survey, const Goal& goal, Done done);

  void enter(const dns::Name& zone, int depth);
  void begin_question();
  void ask_more();
  void on_reply(observe::ExchangeId id, const dns::Name& zone, int stage);
  void advance(observe::ExchangeId id);
  void advance_minimised(dns::ReplyKind kind);
  void finish(End end, observe::ExchangeId id = 0);
  bool above_registrable() const;
  dns::Question question() const;

  Survey& survey_;
  Goal goal_;
  Done done_;
  dns::Name registrable_;
  dns::Name zone_;
  int depth_ = 0;
  std::size_t labels_ = 0;    // of the minimised question
  bool undelegated_ = false;  // the registry holds the name itself: ask it the full question
  int stage_ = 0;             // counts questions; a reply to an earlier one decides nothing
  std::size_t next_ = 0;      // the next address of the zone to ask
  std::size_t batch_ = 0;
  int outstanding_ = 0;
  int cuts_ = 0;
  bool ended_ = false;
};

}  // namespace dcv::resolve
