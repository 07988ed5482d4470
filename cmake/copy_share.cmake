# cmake -D ROOT=<source tree> -D SHARE=<target folder> -P copy_share.cmake
# Mirrors each folder: newer files are copied, files that are gone from the source are removed.

cmake_minimum_required(VERSION 3.25)

function(mirror from to pattern)
  file(GLOB_RECURSE wanted RELATIVE "${from}" "${from}/${pattern}")
  file(GLOB_RECURSE present RELATIVE "${to}" "${to}/*")
  foreach(file IN LISTS present)
    if(NOT file IN_LIST wanted)
      file(REMOVE "${to}/${file}")
    endif()
  endforeach()
  foreach(file IN LISTS wanted)
    get_filename_component(folder "${to}/${file}" DIRECTORY)
    file(COPY "${from}/${file}" DESTINATION "${folder}")
  endforeach()
endfunction()

file(MAKE_DIRECTORY "${SHARE}")
mirror("${ROOT}/web/apps/console/dist" "${SHARE}/console" "*")
mirror("${ROOT}/api" "${SHARE}/api" "*.json")
mirror("${ROOT}/community" "${SHARE}/community" "*")
