// Length fields that lie: before the association in an AARQ, after it in a SET and a GET with
// selective access. The meter may refuse or be silent; it must not restart, hang, hand out more
// than was asked for, or forget the next valid request.
#include <fmt/format.h>

#include "fixtures/attacks/lying_lengths.hpp"
#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

constexpr std::chrono::milliseconds k_silence{300};  // how long an answer to nonsense is waited for

struct LengthFindings {
  int sent = 0;
  int answered = 0;
  std::string overread;
  std::string unhealthy;
};

// An answer to nonsense that carries more than the answer to its valid twin holds octets that
// nobody asked for.
void judge_answer(const std::string& name, const harness::Result<cosem::Bytes>& answer,
                  std::size_t honest_answer, LengthFindings& findings) {
  ++findings.sent;
  if (!answer) return;
  ++findings.answered;
  if (answer->size() > honest_answer) {
    findings.overread +=
        fmt::format("{}{}: {} octets, the valid request gets {}",
                    findings.overread.empty() ? "" : "; ", name, answer->size(), honest_answer);
  }
}

void probe(Target& target, const std::string& client, const std::string& after,
           LengthFindings& findings) {
  const auto alive = target.log_in_and_read(client);
  if (alive) return;
  findings.unhealthy +=
      fmt::format("{}after '{}': {}", findings.unhealthy.empty() ? "" : "; ", after, said(alive));
}

void before_association(Target& target, const std::string& client, LengthFindings& findings) {
  Context& ctx = target.context();
  const auto aarq = cosem::ClientAssociation(target.settings(client)).aarq();
  ctx.require(aarq.has_value(), "aarq", said(aarq));
  std::size_t honest = 0;
  {
    auto session = target.connect(client);
    ctx.require(session.has_value(), "connected", said(session));
    const auto answer = session->raw_exchange(*aarq, target.deadline(), ctx.stop());
    ctx.control_before("valid_aarq_answered", answer.has_value(), said(answer));
    honest = answer->size();
  }
  const auto lies = fixtures::lying_lengths(*aarq, fixtures::tlv_length_positions(*aarq));
  for (const fixtures::LyingApdu& lie : lies) {
    if (findings.sent % 10 == 0) ctx.step("AARQ, " + lie.name);
    auto session = target.connect(client);
    if (session) {
      judge_answer("AARQ, " + lie.name,
                   session->raw_exchange(lie.octets, target.deadline(k_silence), ctx.stop()),
                   honest, findings);
      (void)session->disconnect_transport(target.deadline(), ctx.stop());
    }
    probe(target, client, "AARQ, " + lie.name, findings);
    if (!findings.unhealthy.empty()) return;
  }
  ctx.exercised(fmt::format("{} AARQs with one lying length each", findings.sent));
}

void after_association(Target& target, const std::string& client, LengthFindings& findings) {
  Context& ctx = target.context();
  const cosem::Bytes note(8, std::byte{0x41});
  const cosem::Bytes set = cosem::encode_apdu(cosem::SetRequestNormal{
      .attribute = objects::writable(), .value = cosem::octet_string(note)});
  const cosem::Bytes get = cosem::encode_apdu(cosem::GetRequestNormal{
      .attribute = objects::load_profile(),
      .access = cosem::SelectiveAccess{
          2, cosem::structure({cosem::Data(std::uint32_t{1}), cosem::Data(std::uint32_t{1}),
                               cosem::Data(std::uint16_t{1}), cosem::Data(std::uint16_t{0})})}});
  // Where their lengths are: the octet-string of the SET ends the APDU; the structure's count
  // follows its tag in the GET.
  const std::vector<std::pair<std::string, std::pair<cosem::Bytes, std::size_t>>> bases{
      {"SET", {set, set.size() - note.size() - 1}}, {"GET with selective access", {get, 15}}};
  for (const auto& [name, base] : bases) {
    auto session = target.login(client);
    ctx.require(session.has_value(), "association", said(session));
    session->accept_plain_answers(true);
    const auto honest = session->exchange(base.first, target.deadline(), ctx.stop());
    ctx.control_before("valid_request_answered", honest.has_value(), name + ": " + said(honest));
    for (const fixtures::LyingApdu& lie : fixtures::lying_lengths(base.first, {base.second})) {
      ctx.step(name + ", " + lie.name);
      const auto answer = session->exchange(lie.octets, target.deadline(k_silence), ctx.stop());
      judge_answer(name + ", " + lie.name,
                   answer ? harness::Result<cosem::Bytes>(answer->plain)
                          : harness::Result<cosem::Bytes>(answer.error()),
                   honest->plain.size(), findings);
      if (!answer) {  // a new association: a late answer must not be taken for the next one
        session = target.login_again(client);
        session->accept_plain_answers(true);
      }
      probe(target, client, name + ", " + lie.name, findings);
      if (!findings.unhealthy.empty()) return;
    }
    (void)session->close(target.deadline(), ctx.stop());
    ctx.exercised(name + " with a lying length");
  }
}

void lengths_that_lie(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("hls_gmac");
  const std::string anyone = target.client_with("none");
  target.control_before(client);
  LengthFindings findings;
  before_association(target, anyone.empty() ? client : anyone, findings);
  if (findings.unhealthy.empty()) after_association(target, client, findings);
  ctx.property("requests_sent", std::to_string(findings.sent));
  ctx.property("requests_answered", std::to_string(findings.answered));
  ctx.expect(
      findings.overread.empty(), "no_overread",
      findings.overread.empty() ? "no answer held more than was asked for" : findings.overread);
  ctx.expect(findings.unhealthy.empty(), "stays_healthy",
             findings.unhealthy.empty() ? "a valid request was answered after every lie"
                                        : findings.unhealthy);
  target.control_after(client);
}

const harness::Registration k_sec_apdu_001{security_procedure(
    "SEC_APDU_001",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = over_each_interface();
      p.not_exercised = {{"leaked memory of the meter measured from inside", "black box"},
                         {"bit strings and arrays", "the requests of this slice hold none"}};
      p.mutants = {{"MUT_APDU_001", "no_overread", {}}};
    },
    lengths_that_lie)};

}  // namespace
}  // namespace meterproof::suites
