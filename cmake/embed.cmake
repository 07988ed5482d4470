# cmake -D FROM=<folder> -D NAME=<name> -D TO=<source> -P embed.cmake
# Writes a C++ source with the text of each file of a folder, in order of the names:
#   std::span<const std::pair<std::string_view, std::string_view>> shoumen::embedded_<name>();   // (file name, text)

file(GLOB files "${FROM}/*")
list(SORT files)
set(items "")
set(count 0)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" text)
  if(text MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${file}: holds the end mark of an embedded text")
  endif()
  string(APPEND items "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${TO}" "// Generated from ${count} files; do not edit.
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace shoumen {

using EmbeddedText = std::pair<std::string_view, std::string_view>;
std::span<const EmbeddedText> embedded_${NAME}();

static constexpr std::array<EmbeddedText, ${count}> texts = {{
${items}}};

std::span<const EmbeddedText> embedded_${NAME}() { return texts; }

}  // namespace shoumen
")
