#include "bindings/open_campaign.hpp"

#include "harness/errors.hpp"

namespace meterproof::bindings {
namespace {

const Work k_not_now = [] {};

}  // namespace

OpenCampaign::OpenCampaign(suites::CampaignOptions options) {
  // A person who presses Ctrl-C in pytest wants the session to end: the running step is aborted at
  // once, and make-safe follows in finish().
  options.after_step = stop_.get_token();
  options.abort = stop_.get_token();
  thread_.run([&] { campaign_ = std::make_unique<suites::Campaign>(std::move(options)); },
              [this] { stop(); });
}

OpenCampaign::~OpenCampaign() {
  stop();
  try {
    thread_.run(
        [this] {
          holds_.clear();
          devices_.clear();
          campaign_.reset();
        },
        k_not_now);
  } catch (...) {
    // A Ctrl-C during the end of an object has nobody to go to.
  }
}

std::filesystem::path OpenCampaign::run_folder() const {
  if (!begun_) throw harness::InternalError("the campaign has not begun: it has no run folder");
  return campaign_->run_folder();
}

void OpenCampaign::begin(const std::optional<std::set<harness::CaseId>>& selected) {
  if (begun_) throw harness::InternalError("the campaign has begun already");
  std::set<harness::CaseId> cases = selected.value_or(std::set<harness::CaseId>{});
  // To the campaign an empty set is the whole plan, so "none" is a case that no plan has.
  if (selected && cases.empty()) cases.insert(harness::CaseId{});
  thread_.run([&] { campaign_->begin(cases); }, k_not_now);
  begun_ = true;
}

harness::CaseResult OpenCampaign::result(const harness::CaseId& id) {
  if (!begun_) begin(std::nullopt);
  harness::CaseResult result;
  thread_.run(
      [&] {
        if (exit_code_) throw harness::InternalError("the campaign has finished");
        if (stop_.stop_requested()) {
          throw harness::Cancelled("the campaign was stopped before " + id.to_string());
        }
        result = campaign_->result(id);
      },
      [this] { stop(); });
  return result;
}

void OpenCampaign::stop() { stop_.request_stop(); }

int OpenCampaign::finish() {
  closing_.request_stop();
  thread_.run(
      [&] {
        if (exit_code_) return;
        const std::unique_lock alone(life_);
        {
          const std::lock_guard lock(mutex_);
          while (!holds_.empty()) holds_.erase(std::prev(holds_.end()));
          devices_.clear();
        }
        exit_code_ = begun_ ? campaign_->finish() : 4;
      },
      k_not_now);
  return *exit_code_;
}

const harness::Resources& OpenCampaign::open_devices(const std::string& position) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = devices_.find(position); known != devices_.end()) return known->second;
  }
  harness::Resources found;
  thread_.run(
      [&] {
        if (exit_code_) throw harness::BenchError("the campaign has finished: its bench is closed");
        found = campaign_->resources(position);
      },
      [this] { stop(); });
  const std::lock_guard lock(mutex_);
  return devices_.try_emplace(position, std::move(found)).first->second;
}

void OpenCampaign::use(const std::string& position, const DeviceCall& call) {
  if (!begun_) begin(std::set<harness::CaseId>{});
  const harness::Resources devices = open_devices(position);
  std::stop_source own;
  const auto stop_own = [&own] { own.request_stop(); };
  const std::stop_callback with_the_run(stop_.get_token(), stop_own);
  const std::stop_callback with_the_bench(closing_.get_token(), stop_own);
  run_blocking(
      [&] {
        const std::shared_lock alive(life_);
        if (exit_code_) throw harness::BenchError("the campaign has finished: its bench is closed");
        call(devices, own.get_token());
      },
      stop_own);
}

std::uint64_t OpenCampaign::energise(const devices::Load& load) {
  std::uint64_t id = 0;
  try {
    use(positions().front().name, [&](const harness::Resources& devices, std::stop_token stop) {
      devices::Energised hold = devices.get<devices::Supply>().energise(load, stop);
      const std::lock_guard lock(mutex_);
      id = next_hold_++;
      holds_.emplace(id, std::move(hold));
    });
  } catch (...) {
    // Ctrl-C came when the load was on already: nobody will hear of this hold.
    if (id != 0) release(id);
    throw;
  }
  return id;
}

void OpenCampaign::release(std::uint64_t hold) {
  run_blocking(
      [&] {
        const std::shared_lock alive(life_);
        devices::Energised released;  // goes after the lock: switching off takes time
        const std::lock_guard lock(mutex_);
        if (const auto found = holds_.find(hold); found != holds_.end()) {
          released = std::move(found->second);
          holds_.erase(found);
        }
      },
      k_not_now);
}

}  // namespace meterproof::bindings
