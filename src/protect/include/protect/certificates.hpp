// The node's own certificates, for where no city's authority gives one: an authority of its own (ECDSA P-256, ten
// years), a certificate of the node signed by it (90 days, renewed when less than 30 are left or its names change), and
// certificates of devices, signed on their request (PKCS#10) so that a device's key never leaves it.
//
// Kept in a directory of mode 0700: authority.crt and node.crt may be read by all, authority.key and node.key by the
// program alone (0600). Files are replaced whole (RFC 5280 profiles; times UTC). What is known of a device's
// certificate is its fingerprint, SHA-256 of its DER form. One thread; errors: keys-unreadable, keys-unwritable,
// bad-certificate-request, crypto-unavailable.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::protect {

struct DeviceCertificate {
    std::string pem;
    base::Digest fingerprint{};
    base::Time until;
};

class CertificateAuthority {
public:
    // Makes what is not there. `community` goes into the authority's name.
    static base::Result<CertificateAuthority> open(const std::string& directory, std::string_view community,
                                                   base::Time now);
    ~CertificateAuthority();
    CertificateAuthority(CertificateAuthority&&) noexcept;
    CertificateAuthority& operator=(CertificateAuthority&&) noexcept;

    // Whether a new certificate of the node was made. `names`: DNS names and IP addresses it is reached by.
    base::Result<bool> renew_node(const std::vector<std::string>& names, base::Time now);
    // For a year, to be a client and nothing else. The request is at most 16 KB, its key P-256, P-384, Ed25519 or RSA
    // of 2,048 to 4,096 bits, its own signature right; the name in it does not count, `device` is put in.
    base::Result<DeviceCertificate> sign_device(std::string_view request_pem, std::string_view device, base::Time now);

    [[nodiscard]] std::string authority_file() const;
    [[nodiscard]] std::string node_certificate_file() const;  // followed by the authority's
    [[nodiscard]] std::string node_key_file() const;
    [[nodiscard]] const std::string& authority_pem() const;

private:
    struct Impl;
    explicit CertificateAuthority(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Days until a certificate file (PEM) is no longer good; negative: since when. Errors: keys-unreadable.
base::Result<std::int64_t> days_left(const std::string& certificate_file, base::Time now);

}  // namespace shoumen::protect
