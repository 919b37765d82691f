#include "tusk/session.hpp"

#include "session/server_version.hpp"
#include "session/session_core.hpp"

namespace tusk {

namespace {

std::shared_ptr<detail::session_core> connect(conninfo to, const environment& from,
                                              const session_options& options) {
  return std::make_shared<detail::session_core>(std::move(to).with_defaults(from), options,
                                                from.home().value_or(""));
}

}  // namespace

std::string_view name_of(session_status status) noexcept {
  switch (status) {
    case session_status::open: return "open";
    case session_status::in_transaction: return "in transaction";
    case session_status::failed_transaction: return "failed transaction";
    case session_status::busy: return "busy";
    case session_status::broken: return "broken";
    case session_status::closed: return "closed";
  }
  return "?";
}

session::session(std::string_view dsn, const session_options& options)
    : executor(connect(conninfo::parse(dsn), environment::process(), options)) {}

session::session(const conninfo& to, const session_options& options)
    : executor(connect(to, environment::bare(), options)) {}

session::session(const conninfo& to, const environment& from, const session_options& options)
    : executor(connect(to, from, options)) {}

session::session(session&&) noexcept = default;

session& session::operator=(session&& other) noexcept {
  if (this != &other) {
    close();
    executor::operator=(std::move(other));
  }
  return *this;
}

session::~session() {
  close();
}

void session::close() noexcept {
  if (core_ != nullptr) core_->close();
}

session_status session::status() const noexcept {
  return core_ == nullptr ? session_status::closed : core_->status();
}

std::string_view session::parameter(std::string_view name) const noexcept {
  return core_ == nullptr ? std::string_view() : core_->line().parameter(name);
}

std::span<const std::pair<std::string, std::string>> session::parameters() const noexcept {
  if (core_ == nullptr) return {};
  return core_->line().parameters();
}

bool session::check() {
  return core_ != nullptr && core_->check();
}

void session::on_notice(callback<void(const notice&)> told) {
  core().on_notice(std::move(told));
}

void session::on_parameter_change(callback<void(std::string_view, std::string_view)> told) {
  core().on_parameter_change(std::move(told));
}

void session::on_statement(callback<void(const statement_event&)> told, bool observe_parameters) {
  core().on_statement(std::move(told), observe_parameters);
}

std::int32_t session::process_id() const noexcept {
  return core_ == nullptr ? 0 : core_->line().process_id();
}

std::string_view session::peer() const noexcept {
  return core_ == nullptr ? std::string_view() : std::string_view(core_->line().peer());
}

std::string_view session::host() const noexcept {
  return core_ == nullptr ? std::string_view()
                          : std::string_view(core_->line().way().server.name());
}

std::uint16_t session::port() const noexcept {
  return core_ == nullptr ? std::uint16_t{0} : core_->line().way().server.port;
}

authentication_method session::authentication() const noexcept {
  return core_ == nullptr ? authentication_method::none : core_->line().talk().method();
}

protocol_version session::protocol() const noexcept {
  if (core_ == nullptr) return {};
  const std::uint32_t version = core_->line().talk().protocol_version();
  return {static_cast<int>(version >> 16), static_cast<int>(version & 0xffff)};
}

int session::server_version() const noexcept {
  return detail::version_number(parameter("server_version"));
}

const tls_info* session::tls() const noexcept {
  return core_ == nullptr ? nullptr : core_->line().tls();
}

void session::reset() {
  core().reset();
}

canceller session::canceller() {
  return tusk::canceller(core().cancels());
}

void session::change_password(const secret& new_password, std::string_view role) {
  core().change_password(role, new_password);
}

std::vector<notice> session::take_notices() {
  std::deque<notice> taken = std::exchange(core().line().notices, {});
  return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
}

std::vector<notification> session::take_notifications() {
  std::deque<notification> taken = std::exchange(core().line().notifications, {});
  return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
}

void session::trace(std::shared_ptr<wire_trace> to) {
  if (core_ != nullptr) core_->trace(std::move(to));
}

std::uint64_t session::dropped_messages() const noexcept {
  return core_ == nullptr ? 0 : core_->line().dropped;
}

std::shared_ptr<const type_info> session::type(std::string_view name) {
  return core().look_up(name);
}

std::shared_ptr<const type_info> session::type(oid number) {
  return core().look_up(number);
}

}  // namespace tusk
