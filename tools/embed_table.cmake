# Writes OUTPUT, a C++ source in which FUNCTION of ROOM, declared in HEADER, gives the text of TABLE.
file(READ ${TABLE} text)
get_filename_component(name ${TABLE} NAME)
file(WRITE ${OUTPUT}
  "// Made by tools/embed_table.cmake from tools/${name}.\n"
  "#include \"${ROOM}/${HEADER}\"\n\nnamespace dcv::${ROOM} {\n\n"
  "std::string_view ${FUNCTION}() {\n  return R\"table(${text})table\";\n}\n\n"
  "}  // namespace dcv::${ROOM}\n")
