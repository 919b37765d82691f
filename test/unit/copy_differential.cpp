// The readers of COPY data against parsers that take the whole of it, one character at a time: on
// rows that are written out as the server does, and on data that looks like COPY's now and then.
#include <random>

#include "support/catch.hpp"
#include "support/copy_rows.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using rows = std::vector<copied_row>;
using source = std::mt19937_64;

/// The characters of a style, with its defaults.
struct marks {
  explicit marks(copy_format as, const copy_style& style)
      : format(as),
        delimiter(style.delimiter != 0     ? style.delimiter
                  : as == copy_format::csv ? ','
                                           : '\t'),
        quote(style.quote != 0 ? style.quote : '"'),
        escape(style.escape != 0 ? style.escape : quote),
        null(style.null.value_or(as == copy_format::csv ? "" : "\\N")) {}

  copy_format format;
  char delimiter;
  char quote;
  char escape;
  std::string null;
};

/// Lines without their ends; nothing when they do not end alike, or the last one does not end.
std::optional<std::vector<std::string>> lines_of(std::string_view data, const marks& style) {
  std::vector<std::string> lines(1);
  std::string first_end;
  bool in_quotes = false;
  bool escapes = false;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const char c = data[i];
    bool is_data = escapes || in_quotes;
    if (style.format == copy_format::text) {
      escapes = !escapes && c == '\\';
    } else if (escapes) {
      escapes = false;
    } else if (in_quotes && c == style.escape && style.escape != style.quote) {
      escapes = true;
    } else if (c == style.quote) {
      in_quotes = !in_quotes;
      is_data = true;
    }
    if (is_data || (c != '\n' && c != '\r')) {
      lines.back() += c;
      continue;
    }
    std::string end(1, c);
    if (c == '\r' && first_end != "\r" && i + 1 < data.size() && data[i + 1] == '\n')
      end += data[++i];
    if (first_end.empty()) first_end = end;
    if (end != first_end) return std::nullopt;
    if (lines.back() == "\\." && style.format == copy_format::text && style.null != "\\.") {
      lines.pop_back();
      return lines;
    }
    lines.emplace_back();
  }
  if (!lines.back().empty() || escapes || in_quotes) return std::nullopt;
  lines.pop_back();
  return lines;
}

std::optional<std::string> without_escapes(const std::string& raw) {
  static constexpr std::string_view letters = "bfnrtv";
  static constexpr std::string_view meant = "\b\f\n\r\t\v";
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
      continue;
    }
    const std::string rest = raw.substr(++i);
    const std::size_t letter = letters.find(rest[0]);
    const std::size_t octal =
        std::min<std::size_t>({rest.find_first_not_of("01234567"), rest.size(), 3});
    const std::size_t hex = std::min<std::size_t>(
        {rest.substr(1).find_first_not_of("0123456789abcdefABCDEF"), rest.size() - 1, 2});
    if (rest[0] == '.') return std::nullopt;
    if (octal > 0) {
      out += static_cast<char>(std::stoi(rest.substr(0, octal), nullptr, 8));
      i += octal - 1;
    } else if (rest[0] == 'x' && hex > 0) {
      out += static_cast<char>(std::stoi(rest.substr(1, hex), nullptr, 16));
      i += hex;
    } else {
      out += letter == std::string_view::npos ? rest[0] : meant[letter];
    }
  }
  return out;
}

/// The value of a line's part, outer nothing when it is refused.
std::optional<copied_value> value_of(const std::string& raw, const marks& style) {
  if (raw == style.null) return copied_value();
  if (style.format == copy_format::text) {
    const std::optional<std::string> text = without_escapes(raw);
    return text ? std::optional<copied_value>(text) : std::nullopt;
  }
  std::string out;
  bool in_quotes = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
    if (in_quotes && raw[i] == style.escape && (next == style.quote || next == style.escape) &&
        i + 1 < raw.size()) {
      out += raw[++i];
    } else if (raw[i] == style.quote) {
      in_quotes = !in_quotes;
    } else {
      out += raw[i];
    }
  }
  return copied_value(out);
}

std::vector<std::string> parts_of(const std::string& line, const marks& style) {
  std::vector<std::string> parts(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == style.delimiter && !in_quotes) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
    if (style.format == copy_format::text) {
      if (c == '\\') parts.back() += line[++i];
    } else if (in_quotes && c == style.escape && style.escape != style.quote) {
      if (line[i + 1] == style.quote || line[i + 1] == style.escape) parts.back() += line[++i];
    } else if (c == style.quote) {
      in_quotes = !in_quotes;
    }
  }
  return parts;
}

std::optional<rows> reference(std::string_view data, const marks& style, std::size_t columns,
                              bool has_header) {
  const auto lines = lines_of(data, style);
  if (!lines) return std::nullopt;
  rows all;
  for (std::size_t i = has_header ? 1 : 0; i < lines->size(); ++i) {
    const std::vector<std::string> parts = parts_of((*lines)[i], style);
    if (parts.size() != columns) return std::nullopt;
    all.emplace_back();
    for (const std::string& raw : parts) {
      const std::optional<copied_value> value = value_of(raw, style);
      if (!value) return std::nullopt;
      all.back().push_back(*value);
    }
  }
  return all;
}

std::string draw(source& random, std::string_view alphabet, std::size_t most) {
  std::string text;
  for (std::size_t size = random() % (most + 1); size > 0; --size)
    text += alphabet[random() % alphabet.size()];
  return text;
}

/// As COPY TO writes it.
std::string written(const copied_value& value, const marks& style, bool is_alone) {
  if (!value) return style.null;
  std::string out;
  if (style.format == copy_format::text) {
    for (const char c : *value) {
      const std::size_t at = std::string_view("\b\f\n\r\t\v").find(c);
      if (at != std::string_view::npos && c != style.delimiter)
        out.append(1, '\\').append(1, "bfnrtv"[at]);
      else if (c == '\\' || c == style.delimiter)
        out.append(1, '\\').append(1, c);
      else
        out += c;
    }
    return out;
  }
  const std::string special{style.delimiter, style.quote, '\n', '\r'};
  if (*value != style.null && value->find_first_of(special) == std::string::npos &&
      !(is_alone && *value == "\\."))
    return *value;
  for (const char c : *value) {
    if (c == style.quote || c == style.escape) out += style.escape;
    out += c;
  }
  return style.quote + out + style.quote;
}

copy_style draw_style(source& random, copy_format format) {
  copy_style style;
  const bool is_csv = format == copy_format::csv;
  if (random() % 2 == 0) style.delimiter = ",;|:!"[random() % 5];
  if (is_csv && random() % 2 == 0) style.quote = "'\"%"[random() % 3];
  if (is_csv && random() % 2 == 0) style.escape = "\\'\"^"[random() % 4];
  if (random() % 2 == 0) style.null = std::array{"", "\\N", "NULL", "b", "\\\\"}[random() % 5];
  style.header = random() % 4 == 0;
  return style;
}

constexpr std::string_view alphabet = "abN.x10\\\\\\,;|\t\n\r\"\"''^ \v\xc3\xa9";

void check_written(copy_format format, std::uint64_t seed) {
  source random(seed);
  for (int round = 0; round < 1500; ++round) {
    const copy_style style = draw_style(random, format);
    const marks own(format, style);
    const auto columns = static_cast<std::uint32_t>(1 + random() % 4);
    const std::string end = std::array{"\n", "\r\n", "\r"}[random() % 3];
    rows all(random() % 5, copied_row(columns));
    std::string data = style.header ? "name" + end : "";
    for (copied_row& row : all) {
      for (copied_value& value : row)
        if (random() % 4 != 0) {
          value = draw(random, alphabet, 20);
          // In text such a value is NULL to every reader, the server included.
          if (format == copy_format::text && written(value, own, false) == own.null)
            value = std::nullopt;
        }
      for (std::size_t i = 0; i < columns; ++i)
        data += (i == 0 ? "" : std::string(1, own.delimiter)) + written(row[i], own, columns == 1);
      data += end;
    }
    CAPTURE(round, data, own.delimiter, own.quote, own.escape, own.null);
    const copied whole = read_whole(format, style, columns, data);
    REQUIRE(whole.error == "");
    REQUIRE(whole.rows == all);
    REQUIRE(reference(data, own, columns, style.header) == all);
    REQUIRE(read_cut(format, style, columns, data, every(1 + random() % 9, data.size())) == whole);
  }
}

void check_anything(copy_format format, std::uint64_t seed) {
  source random(seed);
  int accepted = 0;
  for (int round = 0; round < 30000; ++round) {
    const copy_style style = draw_style(random, format);
    const marks own(format, style);
    const auto columns = static_cast<std::uint32_t>(1 + random() % 2);
    std::string data;
    // Little of everything at a time, or hardly anything is ever accepted.
    const std::string few = draw(random, alphabet, 5) + own.delimiter + "a";
    for (std::size_t lines = random() % 4; lines > 0; --lines)
      data += draw(random, few, 8) + (random() % 8 == 0 ? "\r" : "\n");
    CAPTURE(round, data, own.delimiter, own.quote, own.escape, own.null, columns);
    const copied whole = read_whole(format, style, columns, data);
    const std::optional<rows> expected = reference(data, own, columns, style.header);
    REQUIRE(whole.error.empty() == expected.has_value());
    if (expected) REQUIRE(whole.rows == *expected);
    if (expected && !expected->empty()) ++accepted;
    REQUIRE(read_cut(format, style, columns, data, every(1, data.size())) == whole);
  }
  // Else this would compare refusals only.
  CHECK(accepted > 3000);
}

}  // namespace

TEST_CASE("rows of any texts come back from text COPY data", "[copy]") {
  check_written(copy_format::text, 83);
}

TEST_CASE("rows of any texts come back from CSV", "[copy]") {
  check_written(copy_format::csv, 84);
}

TEST_CASE("text COPY data means what a plain parser says, or is refused by both", "[copy]") {
  check_anything(copy_format::text, 85);
}

TEST_CASE("CSV means what a plain parser says, or is refused by both", "[copy]") {
  check_anything(copy_format::csv, 86);
}

TEST_CASE("random bytes as COPY data give well-formed rows or an error, however cut", "[copy]") {
  source random(87);
  for (int round = 0; round < 20000; ++round) {
    const auto format = static_cast<copy_format>(round % 3);
    const auto columns = static_cast<std::uint32_t>(random() % 4);
    const copy_style style = draw_style(random, format);
    std::string data;
    if (format == copy_format::binary) data.append("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19);
    for (std::size_t size = random() % 40; size > 0; --size)
      data += static_cast<char>(random() % 2 == 0 ? random() % 4 : random());
    const copied whole = read_whole(format, style, columns, data);
    REQUIRE(whole.sound);
    REQUIRE(read_cut(format, style, columns, data, every(1 + random() % 5, data.size())) == whole);
  }
}
