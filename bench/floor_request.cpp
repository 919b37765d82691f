#include "floor_request.hpp"

#include <cstring>
#include <stdexcept>

#include "tusk/proto/bind_writer.hpp"
#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/frontend.hpp"

namespace bench {

namespace proto = tusk::proto;

floor_request::floor_request(const floor_shape& shape) {
  constexpr std::size_t most_around_values = 64;  // of one Bind and one Execute
  bytes_.resize((most_around_values + shape.text_size + 2 * shape.columns) * shape.statements +
                sync_size);
  const std::vector<proto::format> formats(shape.columns, proto::format::binary);
  const std::size_t parameters = (shape.id ? 1U : 0U) + (shape.text_size != 0 ? 1U : 0U);
  proto::writer out(bytes_);
  for (std::size_t i = 0; i < shape.statements; ++i) {
    proto::bind_writer bind(out, "", floor_statement, parameters);
    if (shape.id) {
      bind.open_value();
      if (i == 0) id_at_ = out.size();
      out.i64(0);
      bind.close_value(proto::format::binary);
    }
    if (shape.text_size != 0) {
      bind.open_value();
      if (i == 0) text_at_ = out.size();
      for (std::size_t c = 0; c < shape.text_size; ++c)
        out.u8(0);
      bind.close_value(proto::format::text);
    }
    if (bind.finish(formats) || proto::encode(out, proto::execute{}))
      throw std::runtime_error("the floor's request cannot be encoded");
    if (i == 0) stride_ = out.size();
  }
  if (proto::encode(out, proto::sync{}))
    throw std::runtime_error("the floor's Sync cannot be encoded");
  bytes_.resize(out.size());
}

void floor_request::set(std::size_t index, std::int64_t id, std::string_view text) noexcept {
  std::byte* const statement = bytes_.data() + index * stride_;
  proto::store_big_endian(statement + id_at_, id);
  if (!text.empty()) std::memcpy(statement + text_at_, text.data(), text.size());
}

}  // namespace bench
