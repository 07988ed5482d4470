// The doors by TLS in front of the plain ones: their certificates made, renewed and exchanged while running.
#pragma once
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

#include "commands.hpp"

namespace boost::asio {
class io_context;
}
namespace shoumen::doors::http {
class Server;
}
namespace shoumen::doors::mqtt {
class Listener;
}
namespace shoumen::protect {
class CertificateAuthority;
}

namespace shoumen::app {

class TlsDoors {
public:
    // Opens what is named in the options; nothing where nothing is. All given outlive it.
    static base::Result<std::unique_ptr<TlsDoors>> open(boost::asio::io_context& io, const ServeOptions& options,
                                                        const std::string& community, const ports::Clock& clock,
                                                        const ports::Log& log, doors::http::Server& http,
                                                        doors::mqtt::Listener& mqtt);
    ~TlsDoors();
    TlsDoors(const TlsDoors&) = delete;
    TlsDoors& operator=(const TlsDoors&) = delete;

    // Signs certificates of devices; null where no TLS door is open.
    [[nodiscard]] protect::CertificateAuthority* authority();
    // Now and then: makes a new certificate in time, and takes one that somebody has put in place of the old.
    void look_after();
    [[nodiscard]] std::string where() const;  // " https 0.0.0.0:8443 mqtts 0.0.0.0:8883", as far as they are open
    void stop();

private:
    struct Impl;
    explicit TlsDoors(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::app
