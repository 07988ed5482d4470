#include "papers/zip.hpp"

#include <memory>

#include <zip.h>

namespace shoumen::papers {
namespace {

tl::unexpected<base::Error> no_memory() {
    return base::fail("store-error", "the archive could not be made: is there memory left?", {});
}

struct Discard {
    void operator()(zip_t* archive) const { ::zip_discard(archive); }
};

struct Free {
    void operator()(zip_source_t* source) const { ::zip_source_free(source); }
};

bool add(zip_t* archive, const std::string& name, const std::string& bytes, base::Time at) {
    zip_source_t* source = ::zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    if (!source) return false;
    const auto index = ::zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        ::zip_source_free(source);
        return false;
    }
    const auto n = static_cast<zip_uint64_t>(index);
    // Pictures are packed already.
    const bool packed = name.ends_with(".jpg") || name.ends_with(".png") || name.ends_with(".webp");
    return ::zip_file_set_mtime(archive, n, at.us / 1'000'000, 0) == 0 &&
           ::zip_set_file_compression(archive, n, packed ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0;
}

}  // namespace

base::Result<std::string> zip(const std::map<std::string, std::string>& files, base::Time at) {
    zip_error_t error;
    ::zip_error_init(&error);
    const std::unique_ptr<zip_source_t, Free> into(::zip_source_buffer_create(nullptr, 0, 0, &error));
    if (!into) return no_memory();
    ::zip_source_keep(into.get());  // the archive lets go of it when it is closed
    std::unique_ptr<zip_t, Discard> archive(::zip_open_from_source(into.get(), ZIP_TRUNCATE | ZIP_CREATE, &error));
    if (!archive) {
        ::zip_source_free(into.get());
        return no_memory();
    }
    for (const auto& [name, bytes] : files) {
        if (!add(archive.get(), name, bytes, at)) return no_memory();
    }
    if (::zip_close(archive.get()) != 0) return no_memory();
    static_cast<void>(archive.release());  // closing has freed it
    if (::zip_source_open(into.get()) != 0) return no_memory();
    std::string out;
    zip_stat_t stat;
    if (::zip_source_stat(into.get(), &stat) == 0) out.resize(stat.size);
    const auto read = ::zip_source_read(into.get(), out.data(), out.size());
    ::zip_source_close(into.get());
    if (read < 0 || static_cast<std::size_t>(read) != out.size() || out.empty()) return no_memory();
    return out;
}

}  // namespace shoumen::papers
