#include "feed_photo.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/random.hpp"

namespace shoumen::app {
namespace {

// Every block of 8 × 8 dots has one colour, so that only its mean is coded: the simplest JPEG that every program shows.
constexpr int columns = 40;
constexpr int rows = 30;

struct Colour {
    int red, green, blue;
};

class Canvas {
public:
    explicit Canvas(Colour background) : dots_(columns * rows, background) {}
    void fill(int left, int top, int width, int height, Colour colour) {
        for (int y = top; y < top + height; ++y) {
            for (int x = left; x < left + width; ++x) {
                if (x >= 0 && x < columns && y >= 0 && y < rows)
                    dots_[static_cast<std::size_t>(y * columns + x)] = colour;
            }
        }
    }
    [[nodiscard]] Colour at(std::size_t i) const { return dots_[i]; }

private:
    std::vector<Colour> dots_;
};

// A landing: wall, floor, a door, steps, a lamp; where things stand is drawn by the salt.
Canvas stairwell(base::SeededRandom& random) {
    const auto some = [&](int from, int n) {
        return from + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
    };
    const int light = some(180, 50);
    Canvas c({light, light - 4, light - 16});
    c.fill(0, 20, columns, 1, {light - 60, light - 70, light - 70});
    c.fill(0, 21, columns, 9, {some(105, 30), 102, 98});
    const int door = some(3, 10);
    const Colour wood{some(96, 50), some(60, 20), 44};
    c.fill(door - 1, 6, 10, 15, {90, 84, 76});
    c.fill(door, 7, 8, 14, wood);
    c.fill(door + 6, 14, 1, 1, {214, 190, 92});
    const int steps = some(21, 6);
    for (int i = 0; i < 7; ++i) c.fill(steps + 2 * i, 22 - 2 * i, columns, 2, {150 + 6 * i, 148 + 6 * i, 142 + 6 * i});
    c.fill(some(16, 8), 1, 5, 1, {250, 246, 214});
    for (int i = 0; i < 10; ++i) {
        const int shade = some(90, 40);
        c.fill(some(0, columns), some(22, 8), 1, 1, {shade, shade, shade});
    }
    return c;
}

// --- The file ----------------------------------------------------------------------------------------------------

void put(std::string& out, std::initializer_list<int> bytes) {
    for (const int b : bytes) out += static_cast<char>(b);
}
void put16(std::string& out, std::size_t v) {
    put(out, {static_cast<int>(v >> 8U & 0xffU), static_cast<int>(v & 0xffU)});
}
void segment(std::string& out, int marker, const std::string& body) {
    put(out, {0xff, marker});
    put16(out, body.size() + 2);
    out += body;
}

// DateTimeOriginal (0x9003) and OffsetTimeOriginal (0x9011) in an otherwise empty EXIF record, big-endian.
std::string exif_of(base::Time taken, const base::Zone& zone) {
    const std::string t = zone.format({taken.us - taken.us % 1'000'000});  // 2026-03-03T08:00:00+08:00, or …Z
    const std::string date =
        fmt::format("{}:{}:{} {}", t.substr(0, 4), t.substr(5, 2), t.substr(8, 2), t.substr(11, 8));
    const std::string offset = t.ends_with('Z') ? "+00:00" : t.substr(19, 6);
    std::string body("Exif\0\0MM\0\x2a\0\0\0\x08", 14);
    // First directory at 8: one entry, the address of the second at 26: two entries, then their texts at 56 and 76.
    body += std::string("\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0", 18);
    body += std::string("\0\x02\x90\x03\0\x02\0\0\0\x14\0\0\0\x38\x90\x11\0\x02\0\0\0\x07\0\0\0\x4c\0\0\0\0", 30);
    body += date + '\0' + offset + '\0';
    return body;
}

class Bits {
public:
    void put(unsigned value, int count) {
        for (int i = count - 1; i >= 0; --i) {
            byte_ = byte_ << 1U | (value >> static_cast<unsigned>(i) & 1U);
            if (++filled_ == 8) flush();
        }
    }
    std::string finish() {
        while (filled_ != 0) put(1, 1);
        return std::move(out_);
    }

private:
    void flush() {
        out_ += static_cast<char>(byte_);
        if (byte_ == 0xff) out_ += '\0';
        byte_ = 0;
        filled_ = 0;
    }
    std::string out_;
    unsigned byte_ = 0;
    int filled_ = 0;
};

// Our own Huffman tables: a difference's number of bits is four bits long, and "the rest is nought" one.
void put_mean(Bits& bits, int mean, int& before) {
    const int difference = mean - before;
    before = mean;
    int size = 0;
    for (int left = std::abs(difference); left != 0; left /= 2) ++size;
    bits.put(static_cast<unsigned>(size), 4);
    if (size > 0) bits.put(static_cast<unsigned>(difference > 0 ? difference : difference + (1 << size) - 1), size);
    bits.put(0, 1);
}

std::string scan_of(const Canvas& canvas) {
    Bits bits;
    std::array<int, 3> before{};
    for (std::size_t i = 0; i < columns * rows; ++i) {
        const Colour c = canvas.at(i);
        const double y = 0.299 * c.red + 0.587 * c.green + 0.114 * c.blue;
        put_mean(bits, static_cast<int>(std::lround(y)) - 128, before[0]);
        put_mean(bits, static_cast<int>(std::lround((c.blue - y) * 0.564)), before[1]);
        put_mean(bits, static_cast<int>(std::lround((c.red - y) * 0.713)), before[2]);
    }
    return bits.finish();
}

// Ten sizes with codes of four bits; one code of one bit.
std::string huffman_tables() {
    std::string tables(1, '\0');
    put(tables, {0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    put(tables, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    put(tables, {0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    return tables;
}

}  // namespace

std::string draw_photo(std::uint64_t salt, base::Time taken, const base::Zone& zone) {
    base::SeededRandom random(salt);
    const Canvas canvas = stairwell(random);
    std::string out("\xff\xd8", 2);
    if (taken.is_set()) segment(out, 0xe1, exif_of(taken, zone));
    segment(out, 0xfe, fmt::format("shoumen demo {:016x}", salt));
    segment(out, 0xdb,
            std::string(1, '\0') + std::string(64, '\x08'));  // a mean is coded as eight times itself, divided by this
    std::string frame("\x08", 1);
    put16(frame, rows * 8);
    put16(frame, columns * 8);
    put(frame, {3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0});
    segment(out, 0xc0, frame);
    segment(out, 0xc4, huffman_tables());
    std::string scan;
    put(scan, {3, 1, 0, 2, 0, 3, 0, 0, 63, 0});
    segment(out, 0xda, scan);
    out += scan_of(canvas);
    put(out, {0xff, 0xd9});
    return out;
}

}  // namespace shoumen::app
