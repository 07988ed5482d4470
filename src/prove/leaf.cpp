#include "prove/leaf.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace shoumen::prove {
namespace {

constexpr std::string_view act_mark = "shoumen/act/1\n";
constexpr std::string_view batch_mark = "shoumen/batch/1\n";

}  // namespace

std::string emptied_detail(const std::vector<std::uint64_t>& ids) {
    std::string all;
    for (const auto id : ids) all += fmt::format("{}\n", id);
    return fmt::format("acts {} {}", ids.size(), base::to_hex(base::sha256(all)));
}

Digest commitment_of(Suite suite, const Act& act) {
    base::ByteWriter out;
    out.raw(act_mark);
    out.raw(base::as_bytes(act.salt));
    out.zigzag(act.at.us);
    out.text(act.actor);
    out.text(act.role);
    out.text(act.kind);
    out.text(act.purpose);
    out.text(act.subject);
    out.varint(act.count);
    out.text(act.detail);
    return hash(suite, out.view());
}

std::string leaf_bytes(const Act& act, const Digest& commitment) {
    base::ByteWriter out;
    out.raw(act_mark);
    out.varint(act.shard);
    out.varint(act.id);
    out.raw(base::as_bytes(commitment));
    return out.take();
}

std::string leaf_bytes(const BatchMark& batch) {
    base::ByteWriter out;
    out.raw(batch_mark);
    out.varint(batch.shard);
    out.varint(batch.first_seq);
    out.varint(batch.count);
    out.raw(base::as_bytes(batch.hash));
    return out.take();
}

Digest leaf_of(Suite suite, const Act& act) { return leaf_hash(suite, leaf_bytes(act, commitment_of(suite, act))); }

Digest leaf_of(Suite suite, const BatchMark& batch) { return leaf_hash(suite, leaf_bytes(batch)); }

}  // namespace shoumen::prove
