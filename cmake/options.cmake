# How everything is compiled. Presets set these; nothing else in the build looks at the compiler.

option(SHOUMEN_WERROR "Warnings are errors" OFF)
option(SHOUMEN_FUZZ "Build the fuzzers (clang only)" OFF)
set(SHOUMEN_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1 -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS")
set(CMAKE_EXE_LINKER_FLAGS_SANITIZE "")

# The oldest x86-64 that a community's machine may have; other processors take their default.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  add_compile_options(-march=x86-64-v2)
endif()

# Paths in debug information and messages do not depend on where the tree lies.
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(SHOUMEN_SANITIZE)
  add_compile_options("-fsanitize=${SHOUMEN_SANITIZE}" -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${SHOUMEN_SANITIZE}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND SHOUMEN_SANITIZE MATCHES "thread")
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(SHOUMEN_FUZZ AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(STATUS "fuzzers: need clang, left out")
  set(SHOUMEN_FUZZ OFF)
endif()
if(SHOUMEN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # lets a fuzzer see which branches an input took
endif()

# What the loader fills in is filled in at the start, and read-only from then on.
add_link_options(-Wl,-z,relro,-z,now)

find_program(SHOUMEN_MOLD mold)
if(SHOUMEN_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(SHOUMEN_CCACHE ccache)
if(SHOUMEN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the tree: a second clone finds what the first one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${SHOUMEN_CCACHE}")
endif()

# Designated initialisers that leave the rest at its default are how our plain data is written.
set(SHOUMEN_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers)
if(SHOUMEN_WERROR)
  list(APPEND SHOUMEN_WARNINGS -Werror)
endif()
