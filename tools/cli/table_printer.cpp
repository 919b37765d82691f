#include <algorithm>
#include <utility>

#include "printer.hpp"
#include "table_cell.hpp"

namespace cli {
namespace {

using lines = std::vector<cell_line>;

/// Aligned columns as psql prints them, byte for byte. It must know every value before it can write
/// the first.
class table_printer final : public printer {
 public:
  explicit table_printer(output& to) noexcept : to_(&to) {}

  void begin(const std::vector<tusk::column>& columns) override {
    for (const tusk::column& column : columns) {
      header_.push_back(cell_lines(column.name));
      right_.push_back(goes_right(column.type));
      widths_.push_back(width_of(header_.back()));
    }
  }

  void row(const text_row& values) override {
    for (std::size_t i = 0; i < values.size(); ++i)
      widths_[i] = std::max(widths_[i], width_of(lines_of(values[i])));
    rows_.push_back(values);
  }

  void end() override {
    if (!header_.empty()) write_header();
    write_rule();
    for (const text_row& values : rows_)
      if (!header_.empty()) write_row(values);
    to_->write("(" + std::to_string(rows_.size()) + (rows_.size() == 1 ? " row)\n" : " rows)\n"));
    to_->write('\n');
  }

  void command(std::string_view tag) override {
    to_->write(tag);
    to_->write('\n');
  }

 private:
  static bool goes_right(tusk::oid type) noexcept {
    switch (type) {
      case tusk::oids::int2:
      case tusk::oids::int4:
      case tusk::oids::int8:
      case tusk::oids::float4:
      case tusk::oids::float8:
      case tusk::oids::numeric:
      case tusk::oids::oid:
      case tusk::oids::xid:
      case tusk::oids::xid8:
      case tusk::oids::cid:
      case tusk::oids::money: return true;
      default: return false;
    }
  }

  static lines lines_of(const std::optional<std::string>& value) {
    return cell_lines(value ? std::string_view(*value) : std::string_view());
  }

  static std::size_t width_of(const lines& cell) {
    return std::ranges::max(cell, {}, &cell_line::width).width;
  }

  static std::size_t height_of(const std::vector<lines>& cells) {
    return std::ranges::max(cells, {}, &lines::size).size();
  }

  /// Names are centred; a "+" behind one says that it goes on below.
  void write_header() {
    const std::size_t height = height_of(header_);
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t i = 0; i < header_.size(); ++i) {
        if (i != 0) to_->write('|');
        to_->write(' ');
        const bool is_there = line < header_[i].size();
        const cell_line part = is_there ? header_[i][line] : cell_line{};
        const std::size_t space = widths_[i] - part.width;
        to_->fill(space / 2, ' ');
        to_->write(part.text);
        to_->fill(space - space / 2, ' ');
        to_->write(line + 1 < header_[i].size() ? '+' : ' ');
      }
      to_->write('\n');
    }
  }

  void write_rule() {
    to_->write('-');
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      if (i != 0) to_->write("-+-");
      to_->fill(widths_[i], '-');
    }
    to_->write("-\n");
  }

  void write_row(const text_row& values) {
    std::vector<lines> cells;
    cells.reserve(values.size());
    for (const auto& value : values)
      cells.push_back(lines_of(value));
    const std::size_t height = height_of(cells);
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) to_->write('|');
        to_->write(' ');
        write_cell_line(cells, i, line);
      }
      to_->write('\n');
    }
  }

  /// Lines do not end in spaces, except before the "+" of a value that goes on.
  void write_cell_line(const std::vector<lines>& cells, std::size_t i, std::size_t line) {
    const bool is_last_column = i + 1 == cells.size();
    if (line >= cells[i].size()) {
      if (!is_last_column) to_->fill(widths_[i] + 1, ' ');
      return;
    }
    const cell_line& part = cells[i][line];
    const bool goes_on = line + 1 < cells[i].size();
    const std::size_t space = widths_[i] - part.width;
    if (right_[i]) to_->fill(space, ' ');
    to_->write(part.text);
    if (!right_[i] && (goes_on || !is_last_column)) to_->fill(space, ' ');
    if (goes_on)
      to_->write('+');
    else if (!is_last_column)
      to_->write(' ');
  }

  output* to_;
  std::vector<lines> header_;
  std::vector<bool> right_;
  std::vector<std::size_t> widths_;
  std::vector<text_row> rows_;
};

}  // namespace

std::unique_ptr<printer> make_table_printer(output& to) {
  return std::make_unique<table_printer>(to);
}

}  // namespace cli
