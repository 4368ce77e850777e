// OpenCampaign: a campaign as the Python module holds it. All that opens, runs and closes happens
// on one thread; device calls may come from any thread and end before the campaign does. Loads that
// Python holds are kept here, so that finish() switches them off whatever became of their owners.
//
// Knows nothing of Python objects. Every member that can block is a Python call's whole work: it
// releases the GIL and honours Ctrl-C (bindings/blocking.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <stop_token>
#include <string>

#include "bindings/blocking.hpp"
#include "devices/source.hpp"
#include "suites/app/campaign.hpp"

namespace meterproof::bindings {

class OpenCampaign {
 public:
  // The campaign's stop tokens are set here; the others as given. Throws as suites::Campaign does.
  explicit OpenCampaign(suites::CampaignOptions options);
  // Makes safe, without a report.
  ~OpenCampaign();
  OpenCampaign(const OpenCampaign&) = delete;
  OpenCampaign& operator=(const OpenCampaign&) = delete;

  const harness::Plan& plan() const { return campaign_->plan(); }
  std::vector<harness::PositionInfo> positions() const { return campaign_->positions(); }
  // Throws InternalError before begin().
  std::filesystem::path run_folder() const;

  // Nothing: the whole plan. An empty set: none of it, for hand-written tests alone.
  void begin(const std::optional<std::set<harness::CaseId>>& selected);
  harness::CaseResult result(const harness::CaseId& id);
  // Asks everything that runs to stop, and refuses what has not begun. Never blocks.
  void stop();
  // Never interrupted. Once; later calls give the same code.
  int finish();
  bool finished() const { return exit_code_.has_value(); }

  using DeviceCall = std::function<void(const harness::Resources&, std::stop_token)>;
  // Runs `call` with the devices of a position. Throws BenchError when the campaign is not open.
  void use(const std::string& position, const DeviceCall& call);

  // Nothing is energised before and after; in between the load holds. Throws BenchError.
  std::uint64_t energise(const devices::Load& load);
  void release(std::uint64_t hold);

 private:
  const harness::Resources& open_devices(const std::string& position);

  std::stop_source stop_;     // the run, and all device calls
  std::stop_source closing_;  // device calls only
  WorkThread thread_;
  std::unique_ptr<suites::Campaign> campaign_;
  bool begun_ = false;
  std::optional<int> exit_code_;

  std::shared_mutex life_;  // shared: a device call is under way; exclusive: finish()
  std::mutex mutex_;        // guards what follows
  std::map<std::string, harness::Resources> devices_;
  std::map<std::uint64_t, devices::Energised> holds_;
  std::uint64_t next_hold_ = 1;
};

}  // namespace meterproof::bindings
