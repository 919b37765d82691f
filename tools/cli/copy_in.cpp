#include "copy_in.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "batch_load.hpp"
#include "cancel_on_signal.hpp"
#include "copy_failure.hpp"
#include "copy_file.hpp"
#include "copy_in_help.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "query.hpp"
#include "row_splitter.hpp"
#include "time_limit.hpp"
#include "tusk/session.hpp"

namespace cli {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

/// Counts rows that pass, for who is shown them.
class row_counter {
 public:
  row_counter(const splitting& how, bool has_header, bool wanted)
      : splitter_(wanted ? make_row_splitter(how) : nullptr), headers_(has_header ? 1 : 0) {}

  void count(std::string_view more) {
    if (!splitter_) return;
    try {
      while (const auto end = splitter_->row_end(more)) {
        more.remove_prefix(*end);
        if (splitter_->at_end_mark()) return splitter_.reset();
        ++rows_;
      }
    } catch (const malformed_input&) {
      splitter_.reset();  // it is the server that judges
    }
  }
  [[nodiscard]] std::uint64_t rows() const noexcept {
    return rows_ > headers_ ? rows_ - headers_ : 0;
  }

 private:
  std::unique_ptr<row_splitter> splitter_;
  std::uint64_t headers_;
  std::uint64_t rows_ = 0;
};

/// The line of the file that the server means: found by reading the file once more.
std::uint64_t line_in_file(const copy_source& from, const splitting& how, std::uint64_t said) {
  if (!from.lasts() || how.format == tusk::copy_format::binary) return said;
  try {
    copy_source again(from.name());
    const auto splitter = make_row_splitter(how);
    std::vector<char> piece(piece_size);
    while (const std::size_t count = again.read(piece)) {
      std::string_view rest(piece.data(), count);
      while (const auto end = splitter->row_end(rest)) {
        if (splitter->lines_for_server() >= said) return splitter->lines();
        rest.remove_prefix(*end);
      }
    }
    if (splitter->ends_with_row() && splitter->lines_for_server() >= said) return splitter->lines();
  } catch (const std::exception&) {
    // The server's own count is as good as it gets.
  }
  return said;
}

[[noreturn]] void raise_uncertain(const tusk::error& failed) {
  tusk::error_details details = failed.details();
  details.message += " (the server was just finishing: the rows may be loaded, or none of them)";
  tusk::raise(std::move(details));
}

/// All of the input as one COPY.
class whole_load {
 public:
  whole_load(const copy_in_arguments& asked, copy_source& from, tusk::session& db)
      : asked_(asked),
        from_(from),
        db_(db),
        how_(splitting_of(asked, db.server_version())),
        shown_(asked.progress, from.size()) {}

  void run(const time_limit& limit) {
    try {
      tusk::copy_in in =
          db_.copy_in({.timeout = limit.left()}, target_of(asked_, asked_.style.header));
      send(in);
      const std::uint64_t bytes = in.bytes_written();
      const std::uint64_t rows = finish(in);
      shown_.done(rows, bytes);
    } catch (const tusk::error& failed) {
      shown_.clear();
      show_notices(db_);
      if (!is_of_data(failed)) throw;
      throw placed_error(report_at(failed, from_.name(), asked_.format,
                                   line_in_file(from_, how_, failed.details().copy_line)));
    }
    show_notices(db_);
  }

 private:
  // What fails here is told to the server, whose log then knows why.
  void send(tusk::copy_in& in) {
    row_counter rows(how_, asked_.style.header, shown_.shows());
    std::vector<char> piece(piece_size);
    try {
      while (const std::size_t count = from_.read(piece)) {
        const std::string_view more(piece.data(), count);
        in.write(more);
        rows.count(more);
        shown_.at(rows.rows(), in.bytes_written());
      }
    } catch (const std::exception& failed) {
      if (in.is_open()) in.fail(failed.what());
      throw;
    }
  }

  static std::uint64_t finish(tusk::copy_in& in) {
    try {
      return in.finish();
    } catch (const tusk::error& failed) {
      if (may_be_done(failed)) raise_uncertain(failed);
      throw;
    }
  }

  const copy_in_arguments& asked_;
  copy_source& from_;
  tusk::session& db_;
  splitting how_;
  progress_display shown_;
};

int load(const copy_in_arguments& asked) {
  const time_limit limit(asked.timeout);
  copy_source from(asked.file);
  std::vector<tusk::session> sessions;
  const tusk::conninfo where = where_to(asked.dsn);
  for (unsigned i = 0; i < std::max(asked.jobs, 1U); ++i) {
    tusk::session& db = sessions.emplace_back(where, tusk::environment::process(),
                                              tusk::session_options{.timeout = limit.left()});
    show_notices(db);
  }
  // Until here a signal simply ends the program.
  cancel_on_signal stop;
  from.heed(stop, limit);
  try {
    if (asked.jobs != 0) return load_batches(asked, from, limit, stop, std::move(sessions));
    stop.add(sessions[0].canceller());
    whole_load(asked, from, sessions[0]).run(limit);
    return 0;
  } catch (const std::exception& failed) {
    const auto* told = dynamic_cast<const tusk::error*>(&failed);
    if (!stop.came() || (told != nullptr && may_be_done(*told))) throw;
    std::fputs("tusk: interrupted: nothing is loaded\n", stderr);
    cancel_on_signal::end_by_signal();
  }
}

}  // namespace

tusk::copy_into target_of(const copy_in_arguments& asked, bool has_header) {
  tusk::copy_into target{.schema = asked.schema,
                         .table = asked.table,
                         .columns = asked.columns,
                         .options = asked.options,
                         .format = asked.format,
                         .style = asked.style};
  target.style.header = has_header;
  return target;
}

splitting splitting_of(const copy_in_arguments& asked, int server_version) {
  const char quote = asked.style.quote == 0 ? '"' : asked.style.quote;
  return {.format = asked.format,
          .quote = quote,
          .escape = asked.style.escape == 0 ? quote : asked.style.escape,
          .csv_end_mark = server_version < 180000};
}

int run_copy_in(std::span<const char* const> words) {
  const copy_in_arguments asked = parse_copy_in(words);
  if (asked.help) {
    output to;
    to.write(copy_in_help);
    to.flush();
    return 0;
  }
  try {
    return load(asked);
  } catch (const placed_error& failed) {
    std::fputs(failed.what(), stderr);
    return 1;
  } catch (const tusk::error& failed) {
    if (failed.kind() == tusk::error_kind::timeout && asked.timeout)
      raise_late(failed, *asked.timeout);
    throw;
  }
}

}  // namespace cli
