# Writes OUTPUT, a C++ source that holds the list of resolvers (LIST, a file), a literal each set:
# compilers need not take literals above 64 KB.
file(READ ${LIST} text)
string(REPLACE "\n\n" ")list\",\n    R\"list(\n\n" literals "${text}")
file(WRITE ${OUTPUT}
  "// Made by tools/embed_resolvers.cmake from resolvers.txt.\n"
  "#include \"resolve/shipped_resolvers.h\"\n\nnamespace dcv::resolve {\n\n"
  "std::string shipped_resolver_text() {\n  std::string text;\n"
  "  for (const char* const part : {\n    R\"list(${literals})list\"}) text += part;\n  return text;\n}\n\n"
  "}  // namespace dcv::resolve\n")
