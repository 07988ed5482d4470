#include "app/mqtt_client.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>

#include <fmt/format.h>
#include <mosquitto.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace shoumen::app {
namespace {

constexpr int keep_alive_s = 60;
constexpr int bad_user_or_password = 4;
constexpr int not_authorised = 5;

void need_library() {
    static const int started = mosquitto_lib_init();
    if (started != MOSQ_ERR_SUCCESS) throw std::runtime_error("libmosquitto cannot be started");
}

int poll_timeout(MqttClient::Moment end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    // At least once a second: keep-alive is looked after in between.
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

}  // namespace

struct MqttClient::Impl {
    MqttOptions options;
    mosquitto* client = nullptr;
    int bell = -1;
    std::atomic<bool> woken{false};
    bool let_in = false;
    bool begun = false;  // a connection is being made, or stands
    bool denied = false;
    Moment retry_at{};
    std::uint64_t published = 0;
    std::uint64_t acknowledged = 0;

    void say(const std::string& line) const {
        if (options.log) options.log(line);
    }

    void connect() {
        const auto now = std::chrono::steady_clock::now();
        if (denied || now < retry_at) return;
        retry_at = now + options.pause;
        begun = mosquitto_connect(client, options.address.c_str(), options.port, keep_alive_s) == MOSQ_ERR_SUCCESS;
    }
    void lost() {
        if (let_in) say("mqtt: connection lost");
        let_in = begun = false;
    }
    void on_connect(int code) {
        let_in = code == 0;
        denied = code == bad_user_or_password || code == not_authorised;
        say(let_in ? "mqtt: connected" : fmt::format("mqtt: refused ({})", mosquitto_connack_string(code)));
    }

    // One wait for the socket and the bell, and what is to be done after it.
    void turn(Moment end) {
        std::array<pollfd, 2> fds{{{bell, POLLIN, 0}, {-1, 0, 0}}};
        if (begun) {
            const short wanted = mosquitto_want_write(client) ? POLLIN | POLLOUT : POLLIN;
            fds[1] = {mosquitto_socket(client), wanted, 0};
        }
        ::poll(fds.data(), fds.size(), poll_timeout(begun || denied ? end : std::min(end, retry_at)));
        if (!begun) return;
        int code = MOSQ_ERR_SUCCESS;
        if (fds[1].revents & (POLLIN | POLLHUP | POLLERR)) code = mosquitto_loop_read(client, 1);
        if (code == MOSQ_ERR_SUCCESS && (fds[1].revents & POLLOUT)) code = mosquitto_loop_write(client, 1);
        if (code == MOSQ_ERR_SUCCESS) code = mosquitto_loop_misc(client);
        if (code != MOSQ_ERR_SUCCESS || mosquitto_socket(client) < 0) lost();
    }
};

MqttClient::MqttClient(MqttOptions options) : impl_(new Impl{.options = std::move(options)}) {
    need_library();
    Impl& m = *impl_;
    m.bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m.client = mosquitto_new(m.options.client_id.c_str(), true, &m);
    if (m.bell < 0 || m.client == nullptr)
        throw std::runtime_error("no MQTT client can be made: out of file descriptors or memory");
    mosquitto_username_pw_set(m.client, m.options.user.c_str(), m.options.password.c_str());
    mosquitto_max_inflight_messages_set(m.client, 0);  // as many as we like: we pipeline
    mosquitto_connect_callback_set(
        m.client, [](mosquitto*, void* self, int code) { static_cast<Impl*>(self)->on_connect(code); });
    mosquitto_publish_callback_set(m.client,
                                   [](mosquitto*, void* self, int) { ++static_cast<Impl*>(self)->acknowledged; });
}

MqttClient::~MqttClient() {
    if (impl_->let_in) mosquitto_disconnect(impl_->client);
    mosquitto_destroy(impl_->client);
    ::close(impl_->bell);
}

bool MqttClient::serve_until(Moment end) {
    Impl& m = *impl_;
    do {
        if (m.woken) return false;
        if (!m.begun) m.connect();
        m.turn(end);
    } while (std::chrono::steady_clock::now() < end);
    return !m.woken;
}

void MqttClient::wake() {
    impl_->woken = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(impl_->bell, &one, sizeof one);
}

bool MqttClient::connected() const { return impl_->let_in; }
bool MqttClient::refused() const { return impl_->denied; }

bool MqttClient::publish(const std::string& topic, std::string_view payload) {
    Impl& m = *impl_;
    if (!m.let_in) return false;
    const int code =
        mosquitto_publish(m.client, nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(), 1, false);
    if (code == MOSQ_ERR_SUCCESS) ++m.published;
    return code == MOSQ_ERR_SUCCESS;
}

std::uint64_t MqttClient::published() const { return impl_->published; }
std::uint64_t MqttClient::acknowledged() const { return impl_->acknowledged; }

}  // namespace shoumen::app
