# Writes OUTPUT, a C++ source that holds the table of CA profiles (TABLE, a file).
file(READ ${TABLE} text)
file(WRITE ${OUTPUT}
  "// Made by tools/embed_ca_profiles.cmake from tools/ca_profiles.json.\n"
  "#include \"observe/shipped_ca_profiles.h\"\n\nnamespace dcv::observe {\n\n"
  "std::string_view shipped_ca_profiles() {\n  return R\"table(${text})table\";\n}\n\n"
  "}  // namespace dcv::observe\n")
