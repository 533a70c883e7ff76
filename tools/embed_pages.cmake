# Writes OUTPUT, a C++ source that holds every page of docs/findings/ (PAGES, a list of files).
set(rows "")
foreach(page IN LISTS PAGES)
  get_filename_component(id ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND rows "    {\"${id}\", R\"page(${text})page\"},\n")
endforeach()
file(WRITE ${OUTPUT}
  "// Made by tools/embed_pages.cmake from docs/findings/.\n#include \"report/pages.h\"\n\n"
  "namespace dcv::report {\nnamespace {\n\nstruct Page {\n  std::string_view id, text;\n};\n"
  "constexpr Page kPages[] = {\n    {\"\", \"\"},\n${rows}};\n\n}  // namespace\n\n"
  "std::string_view page(std::string_view id) {\n"
  "  for (const Page& candidate : kPages) {\n    if (candidate.id == id) return candidate.text;\n  }\n"
  "  return {};\n}\n\n}  // namespace dcv::report\n")
