#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "batch_reader.hpp"
#include "cancel_on_signal.hpp"
#include "copy_arguments.hpp"
#include "row_splitter.hpp"
#include "time_limit.hpp"
#include "tusk/error.hpp"
#include "tusk/server_message.hpp"
#include "tusk/session.hpp"

namespace cli {

/// What became of a batch.
struct batch_outcome {
  std::uint64_t number = 0;
  std::uint64_t first_line = 0;
  std::uint64_t last_line = 0;
  std::uint64_t rows = 0;                ///< loaded, as the server counts them
  std::optional<tusk::error> failure{};  ///< none: loaded
  std::uint64_t line = 0;                ///< of the input, where it failed; 0 when nobody says
  bool uncertain = false;                ///< it failed, and may be loaded all the same
};

/// Loads batches over several sessions at once. Each is a COPY, and so a transaction, of its own,
/// tried again after a deadlock or a serialization failure, and over a new connection when the old
/// one was lost before the batch's end was sent; what becomes of one is nothing to the
/// others. At most twice as many batches as there are sessions are held.
class batch_loader {
 public:
  /// Connects. Throws tusk::error.
  batch_loader(const copy_in_arguments& asked, const splitting& how, const time_limit& limit,
               cancel_on_signal& stop, std::vector<tusk::session> sessions);
  batch_loader(const batch_loader&) = delete;
  batch_loader& operator=(const batch_loader&) = delete;
  /// Waits until the batches that are being loaded are done; those that still wait are dropped.
  ~batch_loader();

  /// Takes the batch over when there is room for it, and leaves an old one's memory in its place;
  /// false when there is none for a tenth of a second.
  [[nodiscard]] bool offer(batch& next);
  /// No more batches will come.
  void close();
  /// Waits, a tenth of a second at the most, until all that was offered is done. False when it is
  /// not yet.
  [[nodiscard]] bool done();
  /// Whether nobody loads any more: every session was lost and could not be made anew, or an error
  /// has come that every batch would meet.
  [[nodiscard]] bool given_up();
  /// What became of the next batch in the input's order, once it and all before it are done.
  [[nodiscard]] std::optional<batch_outcome> next_outcome();
  /// The first line of the first batch that nobody has begun with, once given up; none when all
  /// that were offered are done.
  [[nodiscard]] std::optional<std::uint64_t> first_line_left();
  /// The notices that have come since the last call, as `error::report()`. A flood is cut off.
  [[nodiscard]] std::string take_notices();

 private:
  void work(tusk::session& db);
  batch_outcome load(tusk::session& db, const batch& one);
  [[nodiscard]] std::uint64_t line_of(const tusk::error& failed, const batch& one) const;
  [[nodiscard]] bool renew(tusk::session& db) const;
  void note(const tusk::notice& said);
  void keep(batch_outcome what, batch& used);

  const copy_in_arguments& asked_;
  splitting how_;
  const time_limit& limit_;
  const cancel_on_signal& stop_;
  std::vector<tusk::session> sessions_;

  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<batch> waiting_;
  std::vector<std::string> spare_;  // the memory of batches that are done
  std::map<std::uint64_t, batch_outcome> outcomes_;
  std::uint64_t offered_ = 0;
  std::uint64_t told_ = 0;
  std::size_t working_;  // threads
  bool closed_ = false;
  bool hopeless_ = false;
  std::string notices_;
  std::vector<std::thread> threads_;
};

}  // namespace cli
