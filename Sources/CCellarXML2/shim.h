#ifndef CCELLAR_XML2_SHIM_H
#define CCELLAR_XML2_SHIM_H

#include <libxml/parser.h>

/// XML_SAX2_MAGIC is wider than the int that Swift makes of a macro, and a handler without it is taken for SAX1.
static inline void cellar_sax_use_version_2(xmlSAXHandler *handler) {
    handler->initialized = XML_SAX2_MAGIC;
}

/// Network access is refused; nothing is printed. Entities stay unexpanded, DTDs unread, limits on, errors final.
static inline int cellar_xml_options(void) {
    return XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
}

#endif
