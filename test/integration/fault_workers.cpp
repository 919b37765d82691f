// Many trials at once: most of them wait.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "integration/fault_trials.hpp"

namespace tusk::test {

namespace {

using clock_type = std::chrono::steady_clock;

constexpr std::size_t most_workers = 16;
constexpr auto longest_trial = std::chrono::seconds(60);

/// What one thread is at.
struct post {
  std::mutex mutex;
  std::optional<std::size_t> index;
  clock_type::time_point since;

  void take(std::optional<std::size_t> next) {
    const std::lock_guard lock(mutex);
    index = next;
    since = clock_type::now();
  }
};

/// All of it: the trials, the threads, and who watches them.
class shift {
 public:
  shift(std::size_t count, const std::function<std::string(std::size_t)>& description)
      : count_(count), description_(description), posts_(std::min(count, most_workers)) {}

  std::vector<std::string> work(const std::function<worker()>& hire) {
    std::vector<std::thread> threads;
    left_ = posts_.size();
    for (post& each : posts_)
      threads.emplace_back([this, &each, &hire] { work_at(each, hire); });
    while (left_ != 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      for (post& each : posts_)
        watch(each);
    }
    for (std::thread& each : threads)
      each.join();
    return std::move(complaints_);
  }

 private:
  void work_at(post& at, const std::function<worker()>& hire) {
    try {
      const worker hired = hire();
      for (std::size_t i = next_++; i < count_; i = next_++) {
        at.take(i);
        const std::string complaint = hired(i);
        at.take(std::nullopt);
        if (!complaint.empty()) complain(description_(i) + ": " + complaint);
      }
    } catch (const std::exception& e) {
      complain(std::string("a worker gave up: ") + e.what());
    }
    at.take(std::nullopt);
    --left_;
  }

  void complain(std::string what) {
    const std::lock_guard lock(mutex_);
    complaints_.push_back(std::move(what));
  }

  void watch(post& at) {
    const std::lock_guard lock(at.mutex);
    if (!at.index || clock_type::now() - at.since < longest_trial) return;
    std::fprintf(stderr, "this trial hangs: %s\n", description_(*at.index).c_str());
    std::abort();
  }

  std::size_t count_;
  const std::function<std::string(std::size_t)>& description_;
  std::vector<post> posts_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> left_{0};
  std::mutex mutex_;
  std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> complaints_of(std::size_t count, const std::function<worker()>& hire,
                                       const std::function<std::string(std::size_t)>& description) {
  return shift(count, description).work(hire);
}

std::vector<std::string> complaints_of(const verb& what, const std::string& parameters,
                                       const std::vector<trial>& trials, tally& count) {
  const auto hire = [&what, &parameters, &trials, &count] {
    session_options options = what.options;
    options.drain_timeout = giving_up;
    const auto through = std::make_shared<faulty_session>(parameters, options);
    return [&what, &trials, &count, through](std::size_t i) {
      return complaint_about(what, trials[i], *through, count);
    };
  };
  return complaints_of(trials.size(), hire, [&what, &trials](std::size_t i) {
    return what.name + (", " + described(trials[i]));
  });
}

}  // namespace tusk::test
