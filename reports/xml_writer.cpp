#include "reports/xml_writer.hpp"

#include <utility>

#include "reports/text.hpp"

namespace meterproof::reports {

XmlWriter::XmlWriter() : document_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::end_tag_of_parent() {
  if (in_tag_) document_ += '>';
  in_tag_ = false;
}

XmlWriter& XmlWriter::open(std::string_view element) {
  end_tag_of_parent();
  if (!open_.empty()) {
    open_.back().has_elements = true;
    if (!open_.back().has_text) document_ += '\n' + std::string(2 * open_.size(), ' ');
  }
  document_ += '<';
  document_ += element;
  open_.push_back({std::string(element)});
  in_tag_ = true;
  return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::string_view value) {
  document_ += ' ';
  document_ += name;
  document_ += "=\"";
  document_ += escaped_attribute(value);
  document_ += '"';
  return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, int value) {
  return attribute(name, std::to_string(value));
}

XmlWriter& XmlWriter::text(std::string_view text) {
  if (text.empty()) return *this;
  end_tag_of_parent();
  open_.back().has_text = true;
  document_ += escaped(text);
  return *this;
}

XmlWriter& XmlWriter::close() {
  const Open last = std::move(open_.back());
  open_.pop_back();
  if (in_tag_) {
    document_ += "/>";
  } else {
    if (last.has_elements && !last.has_text) {
      document_ += '\n' + std::string(2 * open_.size(), ' ');
    }
    document_ += "</" + last.name + ">";
  }
  in_tag_ = false;
  if (open_.empty()) document_ += '\n';
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view content) {
  return open(name).text(content).close();
}

std::string XmlWriter::finish() {
  while (!open_.empty()) close();
  return std::move(document_);
}

}  // namespace meterproof::reports
