#include "client.hpp"

#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double cpu_now() noexcept {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_now() noexcept {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since_boot).count();
}

// Not getrusage's ru_maxrss, which remembers the process that this one was forked from.
long memory_kib(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stol(line.substr(key.size()));
  }
  throw std::runtime_error("/proc/self/status has no " + std::string(key));
}

std::uint64_t parse_count(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n == 0)
    throw std::runtime_error("N must be a number above 0");
  return n;
}

void run_job(const job& what, std::uint64_t n) {
  meter cost;
  const std::uint64_t digest = what.run(n, cost);
  std::printf(
      "{\"cpu_s\": %.6f, \"wall_s\": %.6f, \"max_rss_kib\": %ld, \"idle_rss_kib\": %ld, "
      "\"digest\": \"%016llx\"}\n",
      cost.cpu(), cost.wall(), memory_kib("VmHWM:"), cost.idle_kib(),
      static_cast<unsigned long long>(digest));
}

}  // namespace

void meter::start() {
  idle_kib_ = memory_kib("VmRSS:");
  cpu_ = -cpu_now();
  wall_ = -wall_now();
}

void meter::stop() noexcept {
  wall_ += wall_now();
  cpu_ += cpu_now();
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr)
    throw std::runtime_error(std::string(name) + " is not set: run me under tools/postgres run");
  return value;
}

std::string data_source(route where) {
  if (where == route::unix_socket) return environment("TUSK_TEST_DSN");
  const std::string login = std::string("host=") + environment("TUSK_TEST_HOST") +
                            " port=" + environment("TUSK_TEST_PORT") +
                            " user=u_scram password=" + environment("TUSK_TEST_PASSWORD") +
                            " dbname=postgres";
  if (where == route::tcp) return login + " sslmode=disable";
  return login + " sslmode=verify-ca sslrootcert=" + environment("TUSK_TEST_ROOT_CERT");
}

int run_client(int argc, char** argv, std::span<const job> jobs) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  try {
    if (argc == 2 && arguments[1] == std::string_view("--list")) {
      for (const job& each : jobs)
        std::printf("%s %s\n", each.workload.data(), each.client.data());
      return EXIT_SUCCESS;
    }
    if (argc == 4) {
      for (const job& each : jobs) {
        if (each.workload != arguments[1] || each.client != arguments[2]) continue;
        run_job(each, parse_count(arguments[3]));
        return EXIT_SUCCESS;
      }
    }
    std::fprintf(stderr, "usage: %s --list | WORKLOAD CLIENT N, both as in the list\n", argv[0]);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s: %s\n", argv[0], problem.what());
  }
  return EXIT_FAILURE;
}

}  // namespace bench
