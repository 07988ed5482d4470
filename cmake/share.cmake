# Pages, contracts and the demo community, where the program looks for them: ../share/shoumen beside its own folder.

set(SHOUMEN_SHARE "${CMAKE_BINARY_DIR}/share/shoumen")
add_custom_target(share ALL
  COMMAND "${CMAKE_COMMAND}" -D "ROOT=${CMAKE_SOURCE_DIR}" -D "SHARE=${SHOUMEN_SHARE}"
      -P "${CMAKE_SOURCE_DIR}/cmake/copy_share.cmake"
  COMMENT "Laying out share/shoumen"
  VERBATIM)
add_dependencies(product share)

include(GNUInstallDirs)
if(TARGET shoumen)
  install(TARGETS shoumen RUNTIME)
endif()
install(TARGETS shoumen-verify RUNTIME)
install(DIRECTORY "${SHOUMEN_SHARE}/" DESTINATION "${CMAKE_INSTALL_DATADIR}/shoumen")
