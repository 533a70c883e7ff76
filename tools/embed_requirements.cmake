# Writes OUTPUT, a C++ source that holds the dates of the Baseline Requirements (TABLE, a file).
file(READ ${TABLE} text)
file(WRITE ${OUTPUT}
  "// Made by tools/embed_requirements.cmake from tools/requirements.json.\n"
  "#include \"rules/requirements_json.h\"\n\nnamespace dcv::rules {\n\n"
  "std::string_view requirements_text() {\n  return R\"table(${text})table\";\n}\n\n"
  "}  // namespace dcv::rules\n")
