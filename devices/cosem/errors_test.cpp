// What a person reads when a meter refuses or talks nonsense: every error has words of its own, in
// the standard's terms, and a number nobody knows is shown as a number.
#include "devices/cosem/errors.hpp"

#include <gtest/gtest.h>

#include <set>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/apdu.hpp"

namespace meterproof::cosem {
namespace {

// All different, and no number shown in place of words.
template <class ErrorValue>
void expect_words_of_their_own(const std::vector<ErrorValue>& values) {
  std::set<std::string> words;
  for (const ErrorValue value : values) {
    const std::string text = make_error_code(value).message();
    EXPECT_GT(text.size(), 5u) << static_cast<int>(value);
    EXPECT_NE(text, "unknown") << static_cast<int>(value);
    EXPECT_EQ(text.find_first_of("0123456789"), std::string::npos) << text;
    EXPECT_TRUE(words.insert(text).second) << "said twice: " << text;
  }
}

TEST(ErrorWords, EveryCosemErrorHasItsOwn) {
  std::vector<CosemError> all;
  for (int n = 1; n <= static_cast<int>(CosemError::not_negotiated); ++n) {
    all.push_back(static_cast<CosemError>(n));
  }
  expect_words_of_their_own(all);
  EXPECT_EQ(make_error_code(static_cast<CosemError>(999)).message(), "unknown");
  EXPECT_STREQ(cosem_category().name(), "cosem");
}

TEST(ErrorWords, ResultsOfServicesAreNamedAsInTheStandard) {
  using R = DataAccessResult;
  expect_words_of_their_own<R>(
      {R::success, R::hardware_fault, R::temporary_failure, R::read_write_denied,
       R::object_undefined, R::object_class_inconsistent, R::object_unavailable, R::type_unmatched,
       R::scope_of_access_violated, R::data_block_unavailable, R::long_get_aborted,
       R::no_long_get_in_progress, R::long_set_aborted, R::no_long_set_in_progress,
       R::data_block_number_invalid, R::other_reason});
  using A = ActionResult;
  expect_words_of_their_own<A>(
      {A::success, A::hardware_fault, A::temporary_failure, A::read_write_denied,
       A::object_undefined, A::object_class_inconsistent, A::object_unavailable, A::type_unmatched,
       A::scope_of_access_violated, A::data_block_unavailable, A::long_action_aborted,
       A::no_long_action_in_progress, A::other_reason});
  EXPECT_EQ(make_error_code(R::scope_of_access_violated).message(), "scope-of-access-violated");
  EXPECT_EQ(make_error_code(static_cast<R>(77)).message(), "data-access-result 77");
  EXPECT_EQ(make_error_code(static_cast<A>(77)).message(), "action-result 77");
  EXPECT_STREQ(data_access_category().name(), "data-access-result");
  EXPECT_STREQ(action_category().name(), "action-result");
}

TEST(ErrorWords, RefusedAssociationsSayResultAndDiagnostic) {
  const auto words = [](int value) { return association_category().message(value); };
  EXPECT_EQ(words(1113), "rejected-permanent, authentication-failure");
  EXPECT_EQ(words(2102), "rejected-transient, application-context-name-not-supported");
  EXPECT_EQ(words(1100), "rejected-permanent, no diagnostic");
  EXPECT_EQ(words(1101), "rejected-permanent, no-reason-given");
  EXPECT_EQ(words(1103), "rejected-permanent, calling-AP-title-not-recognized");
  EXPECT_EQ(words(1111), "rejected-permanent, authentication-mechanism-name-not-recognised");
  EXPECT_EQ(words(1112), "rejected-permanent, authentication-mechanism-name-required");
  EXPECT_EQ(words(1114), "rejected-permanent, authentication-required");
  EXPECT_EQ(words(1155), "rejected-permanent, diagnostic 55");
  EXPECT_EQ(words(1202), "rejected-permanent, provider: no-common-acse-version");
  EXPECT_EQ(words(1207), "rejected-permanent, provider diagnostic 7");
  EXPECT_EQ(words(7101), "result 7, no-reason-given");
  EXPECT_STREQ(association_category().name(), "association");
}

TEST(ErrorWords, ExceptionsSayStateAndService) {
  const auto words = [](int state, int service) {
    return exception_category().message(state * 256 + service);
  };
  EXPECT_EQ(words(1, 1), "service-not-allowed, operation-not-possible");
  EXPECT_EQ(words(2, 2), "service-unknown, service-not-supported");
  EXPECT_EQ(words(1, 3), "service-not-allowed, other-reason");
  EXPECT_EQ(words(1, 4), "service-not-allowed, pdu-too-long");
  EXPECT_EQ(words(1, 5), "service-not-allowed, deciphering-error");
  EXPECT_EQ(words(1, 6), "service-not-allowed, invocation-counter-error");
  EXPECT_EQ(words(9, 9), "state-error 9, service-error 9");
  EXPECT_STREQ(exception_category().name(), "exception-response");
}

TEST(ErrorWords, ConfirmedServiceErrorsOfInitiateAreNamed) {
  const auto words = [](std::uint8_t kind, std::uint8_t value) {
    return to_error(ConfirmedServiceError{1, kind, value}).message();
  };
  EXPECT_EQ(words(6, 1), "dlms-version-too-low");
  EXPECT_EQ(words(6, 2), "incompatible-conformance");
  EXPECT_EQ(words(6, 3), "pdu-size-too-short");
  EXPECT_EQ(words(6, 4), "refused-by-the-VDE-handler");
  EXPECT_EQ(words(6, 9), "service 1 error 6 value 9");
  EXPECT_EQ(words(0, 2), "service 1 error 0 value 2");
  EXPECT_STREQ(service_error_category().name(), "confirmed-service-error");
}

TEST(ErrorWords, ARefusalIsToldFromNonsense) {
  EXPECT_FALSE(is_refusal({}));
  EXPECT_FALSE(is_refusal(CosemError::truncated));
  EXPECT_TRUE(is_refusal(CosemError::refused));
  EXPECT_TRUE(is_refusal(DataAccessResult::read_write_denied));
  EXPECT_TRUE(is_refusal(ActionResult::object_undefined));
  EXPECT_TRUE(is_refusal({1113, association_category()}));
  EXPECT_TRUE(is_refusal(to_error(ExceptionResponse{})));
  EXPECT_TRUE(is_refusal(to_error(ConfirmedServiceError{})));
}

}  // namespace
}  // namespace meterproof::cosem
