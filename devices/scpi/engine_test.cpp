// The SCPI engine against golden transcripts: a scripted instrument expects exactly these lines and
// gives exactly these answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <thread>

#include "devices/registry.hpp"
#include "devices/scpi/profile.hpp"
#include "devices/scpi/session.hpp"
#include "harness/errors.hpp"

namespace meterproof::scpi {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using harness::Deadline;

// "> line" is expected from the client, "< line" is answered, "|" ends the connection.
class ScriptedInstrument {
 public:
  explicit ScriptedInstrument(std::vector<std::string> script)
      : acceptor_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        script_(std::move(script)),
        thread_([this] { play(); }) {}
  ~ScriptedInstrument() { finish(); }

  std::string url() const {
    return "tcp://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  // Lines that differed from the script, once it has been played.
  std::vector<std::string> finish() {
    if (thread_.joinable()) {
      ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes a blocked accept
      thread_.join();
    }
    return differences_;
  }

 private:
  void play() {
    std::size_t at = 0;
    while (at < script_.size()) {
      boost::system::error_code bad;
      tcp::socket socket(io_);
      acceptor_.accept(socket, bad);
      if (bad) return differences_.push_back("not played: " + script_[at]);
      std::string input;
      for (; at < script_.size() && script_[at] != "|"; ++at) {
        const std::string text = script_[at].substr(2);
        if (script_[at][0] == '<') {
          boost::asio::write(socket, boost::asio::buffer(text + "\n"), bad);
          continue;
        }
        const auto length =
            boost::asio::read_until(socket, boost::asio::dynamic_buffer(input), '\n', bad);
        if (bad) return differences_.push_back("not said: " + text);
        const std::string line = input.substr(0, length - 1);
        input.erase(0, length);
        if (line != text) differences_.push_back("'" + line + "' instead of '" + text + "'");
      }
      ++at;
    }
  }

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::vector<std::string> script_, differences_;
  std::thread thread_;
};

bench::Instrument instrument_at(const std::string& name, const std::string& profile,
                                const std::string& url) {
  bench::Instrument instrument;
  instrument.name = name;
  instrument.driver = "scpi";
  instrument.profile = profile;
  instrument.link = url;
  instrument.constant = 1e9;
  return instrument;
}

const devices::DriverOptions k_shipped{{METERPROOF_SOURCE_DIR "/devices/profiles"}, nullptr};

TEST(ScpiEngine, GoldenTranscriptOfALoadAndOff) {
  ScriptedInstrument script({
      "> SOUR:FREQ 50",
      "> SOUR:VOLT1 230;VOLT2 230;VOLT3 230",
      "> SOUR:CURR1 5;CURR2 5;CURR3 5",
      "> SOUR:PHAS1 60;PHAS2 60;PHAS3 60",
      "> OUTP ON",
      "> SYST:ERR?",
      "< 0,\"No error\"",
      "> *OPC?",
      "< 1",
      "> SYST:ERR?",
      "< 0,\"No error\"",
      "> SOUR:STAT?",
      "< 1,230,230,230,5,5,5,60,60,60,50",
      "> SYST:ERR?",
      "< 0,\"No error\"",
      "> OUTP OFF",
      "> SYST:ERR?",
      "< +0,\"No error\"",
      "> OUTP?",
      "< 0",
      "> SYST:ERR?",
      "< 0,\"No error\"",
  });
  const auto source = devices::SourceDrivers::instance().make(
      instrument_at("source", "virtual_source", script.url()), k_shipped);
  source->apply(devices::balanced_load(3, {230}, {5}, {std::acos(0.5)}), Deadline::after(5s), {});
  source->off();
  EXPECT_THAT(script.finish(), testing::IsEmpty());
}

TEST(ScpiEngine, AStateThatIsNotWhatWasSetIsAFault) {
  ScriptedInstrument script(
      {"> SOUR:FREQ 50", "> SOUR:VOLT1 230;VOLT2 0;VOLT3 0", "> SOUR:CURR1 5;CURR2 0;CURR3 0",
       "> SOUR:PHAS1 0;PHAS2 0;PHAS3 0", "> OUTP ON", "> SYST:ERR?", "< 0", "> *OPC?", "< 1",
       "> SYST:ERR?", "< 0", "> SOUR:STAT?", "< 1,230,0,0,4.5,0,0,0,0,0,50", "> SYST:ERR?", "< 0"});
  const auto source = devices::SourceDrivers::instance().make(
      instrument_at("source", "virtual_source", script.url()), k_shipped);
  try {
    source->apply(devices::balanced_load(1, {230}, {5}, {0}), Deadline::after(5s), {});
    FAIL();
  } catch (const harness::BenchError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("i1 = 4.5 after it was set to 5"));
  }
  EXPECT_THAT(script.finish(), testing::IsEmpty());
}

TEST(ScpiEngine, EveryQueuedErrorIsNamed) {
  ScriptedInstrument script({"> A 1", "> B 2", "> SYST:ERR?", "< -113,\"Undefined header\"",
                             "> SYST:ERR?", "< -222,\"Data out of range\"", "> SYST:ERR?",
                             "< 0,\"No error\""});
  Session session("source", script.url(), "\n", "SYST:ERR?", nullptr);
  try {
    session.command({"A 1", "B 2"}, Deadline::after(5s), {});
    FAIL();
  } catch (const harness::BenchError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("Undefined header"),
                                             testing::HasSubstr("Data out of range"),
                                             testing::HasSubstr("A 1 | B 2")));
  }
}

TEST(ScpiEngine, ALostAnswerNeverBecomesTheNextOnes) {
  ScriptedInstrument script({"> FIRST?", "|", "> SECOND?", "< 2"});
  Session session("reference", script.url(), "\n", "", nullptr);
  EXPECT_THROW(session.query("FIRST?", Deadline::after(5s), {}), harness::BenchError);
  EXPECT_EQ(session.query("SECOND?", Deadline::after(5s), {}), "2");
  EXPECT_THAT(script.finish(), testing::IsEmpty());
}

TEST(ScpiEngine, NobodyThereNamesInstrumentAndLink) {
  Session session("counter", "tcp://127.0.0.1:1", "\n", "", nullptr);
  try {
    session.query("*IDN?", Deadline::after(5s), {});
    FAIL();
  } catch (const harness::BenchError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("counter (tcp://127.0.0.1:1)"));
  }
}

TEST(ScpiProfile, ShippedProfilesLoad) {
  for (const char* kind : {"source", "reference", "counter"}) {
    const std::string path =
        std::string(METERPROOF_SOURCE_DIR "/devices/profiles/virtual_") + kind + ".toml";
    EXPECT_EQ(load_profile(path, kind).kind, kind);
  }
}

TEST(ScpiProfile, EveryProblemIsNamedWithItsLine) {
  const std::string path = testing::TempDir() + "profile_" + std::to_string(::getpid()) + ".toml";
  std::ofstream(path) << "kind = \"source\"\ncolour = 1\n[load]\ncommands = [\"V {u4}\"]\n"
                         "[state]\nquery = \"S?\"\nfields = [\"voltage\"]\n";
  try {
    load_profile(path, "source");
    FAIL();
  } catch (const harness::ConfigError& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("colour"), testing::HasSubstr("{u4}"),
                               testing::HasSubstr("complete"), testing::HasSubstr("voltage"),
                               testing::HasSubstr("off")));
    EXPECT_THAT(error.diagnostics(),
                testing::Contains(testing::Field(&harness::Diagnostic::line, 2)));
  }
  ::unlink(path.c_str());
}

TEST(ScpiProfile, PlaceholdersMayBeNegative) {
  const std::map<std::string, std::string> values{{"phi1", "60"}, {"phi2", "-30"}};
  EXPECT_EQ(fill("A {phi1},{-phi1};B {-phi2}", values), "A 60,-60;B 30");
}

}  // namespace
}  // namespace meterproof::scpi
