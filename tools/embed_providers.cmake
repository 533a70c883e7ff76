# Writes OUTPUT, a C++ source that holds the table of providers (TABLE, a file).
file(READ ${TABLE} text)
file(WRITE ${OUTPUT}
  "// Made by tools/embed_providers.cmake from tools/providers.json.\n"
  "#include \"rules/shipped_providers.h\"\n\nnamespace dcv::rules {\n\n"
  "std::string_view shipped_providers_text() {\n  return R\"table(${text})table\";\n}\n\n"
  "}  // namespace dcv::rules\n")
