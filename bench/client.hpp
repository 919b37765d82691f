#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// What the programs of bench/ have in common: which jobs they do, and what each has cost.
namespace bench {

/// Measures what lies between `start` and `stop`: not connecting, nor preparing a statement.
class meter {
 public:
  void start();
  void stop() noexcept;

  /// Processor time of this process between them, user and system, in seconds.
  [[nodiscard]] double cpu() const noexcept { return cpu_; }
  /// Time on the clock, in seconds.
  [[nodiscard]] double wall() const noexcept { return wall_; }
  /// The memory of this process when it began: connected and prepared, nothing else.
  [[nodiscard]] long idle_kib() const noexcept { return idle_kib_; }

 private:
  double cpu_ = 0;
  double wall_ = 0;
  long idle_kib_ = 0;
};

/// Runs `n` units of one workload on a connection of its own. Returns a digest of every value that
/// came, by which the driver sees that all clients have done the same work.
using run_function = std::uint64_t (*)(std::uint64_t n, meter& cost);

/// One workload as one client does it.
struct job {
  std::string_view workload;
  std::string_view client;  ///< "tusk", "libpq-binary", ...
  run_function run;
};

/// The value of an environment variable that `tools/postgres run` sets; throws when it is missing.
[[nodiscard]] const char* environment(const char* name);

/// The ways to the server.
enum class route {
  unix_socket,  ///< its Unix socket, by trust
  tcp,          ///< loopback in plain text, by SCRAM
  tls,          ///< loopback under TLS, by SCRAM; the server's certificate is verified
};

/// The connection string for it, the same for tusk and libpq.
[[nodiscard]] std::string data_source(route where);

/// A whole program: `--list` prints the jobs; WORKLOAD CLIENT N runs one and prints its cost.
int run_client(int argc, char** argv, std::span<const job> jobs);

}  // namespace bench
