// The catalogue of errors (api/errors.json): what a code means in HTTP, in both languages, and in the figures.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

#include "message.hpp"

namespace shoumen::doors::http {

struct CatalogueEntry {
    unsigned status = 500;
    std::string metric;
    std::string zh;
    std::string en;
};

class Catalogue {
public:
    static base::Result<Catalogue> read(std::string_view json);

    // The entry of the code; that of `internal` for a code which is not in the catalogue (a test keeps that from
    // happening).
    [[nodiscard]] const CatalogueEntry& of(std::string_view code) const;
    [[nodiscard]] const std::map<std::string, CatalogueEntry, std::less<>>& entries() const { return entries_; }

private:
    std::map<std::string, CatalogueEntry, std::less<>> entries_;
};

// The answer for an error: status, body and the headers that go with it. `status`: in place of the catalogue's.
Answer answer_of(const Catalogue& catalogue, const base::Error& error, unsigned status = 0);

}  // namespace shoumen::doors::http
