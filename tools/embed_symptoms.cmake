# Writes OUTPUT, a C++ source that holds the table of messages (TABLE, a file).
file(READ ${TABLE} text)
file(WRITE ${OUTPUT}
  "// Made by tools/embed_symptoms.cmake from tools/symptoms.json.\n"
  "#include \"rules/shipped_symptoms.h\"\n\nnamespace dcv::rules {\n\n"
  "std::string_view shipped_symptoms_text() {\n  return R\"table(${text})table\";\n}\n\n"
  "}  // namespace dcv::rules\n")
