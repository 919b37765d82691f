#include <utility>

#include "json_text.hpp"
#include "printer.hpp"

namespace cli {
namespace {

/// One array of objects, one a line. A column name that occurs twice is written twice.
class json_printer final : public printer {
 public:
  explicit json_printer(output& to) noexcept : to_(&to) {}

  void begin(const std::vector<tusk::column>& columns) override { columns_ = columns; }

  void row(const text_row& values) override {
    to_->write(first_ ? "[\n{" : ",\n{");
    first_ = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i != 0) to_->write(',');
      write_json_string(*to_, columns_[i].name);
      to_->write(':');
      if (values[i])
        value(columns_[i].type, *values[i]);
      else
        to_->write("null");
    }
    to_->write('}');
  }

  void end() override { to_->write(first_ ? "[]\n" : "\n]\n"); }

  void command(std::string_view) override { end(); }

 private:
  /// Numbers as PostgreSQL's to_json sees them: an OID is a name, not a number.
  static bool is_number(tusk::oid type) noexcept {
    switch (type) {
      case tusk::oids::int2:
      case tusk::oids::int4:
      case tusk::oids::int8:
      case tusk::oids::float4:
      case tusk::oids::float8:
      case tusk::oids::numeric: return true;
      default: return false;
    }
  }

  void value(tusk::oid type, std::string_view text) {
    if (type == tusk::oids::bool_)
      to_->write(text == "t" ? "true" : "false");
    else if (type == tusk::oids::json || type == tusk::oids::jsonb)
      to_->write(text);
    else if (is_number(type) && is_json_number(text))
      to_->write(text);
    else
      write_json_string(*to_, text);
  }

  output* to_;
  std::vector<tusk::column> columns_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<printer> make_json_printer(output& to) {
  return std::make_unique<json_printer>(to);
}

}  // namespace cli
