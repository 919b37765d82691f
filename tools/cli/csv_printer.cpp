#include <utility>

#include "printer.hpp"

namespace cli {
namespace {

/// RFC 4180 with newlines as line ends, and PostgreSQL's way to tell NULL (nothing) from an empty
/// string (`""`): what COPY ... CSV reads back.
class csv_printer final : public printer {
 public:
  explicit csv_printer(output& to) noexcept : to_(&to) {}

  void begin(const std::vector<tusk::column>& columns) override {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i != 0) to_->write(',');
      value(columns[i].name);
    }
    to_->write('\n');
  }

  void row(const text_row& values) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i != 0) to_->write(',');
      if (values[i]) value(*values[i]);
    }
    to_->write('\n');
  }

  void end() override {}

  void command(std::string_view tag) override {
    to_->write(tag);
    to_->write('\n');
  }

 private:
  void value(std::string_view text) {
    // A line of `\.` ends COPY's data in files.
    const bool plain =
        !text.empty() && text != "\\." && text.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain) {
      to_->write(text);
      return;
    }
    to_->write('"');
    for (const char c : text) {
      if (c == '"') to_->write('"');
      to_->write(c);
    }
    to_->write('"');
  }

  output* to_;
};

}  // namespace

std::unique_ptr<printer> make_csv_printer(output& to) {
  return std::make_unique<csv_printer>(to);
}

}  // namespace cli
