#pragma once

// Request and response heads for tests, made of field lists that a reader can take in at once.

#include <initializer_list>

#include "policy/http/message.h"

namespace support {

inline policy::FieldList fields(std::initializer_list<policy::Field> list) {
    policy::FieldList fields;
    for (const auto& field : list) fields.add(field.name, field.value);
    return fields;
}

inline policy::RequestHead request(std::initializer_list<policy::Field> list) {
    policy::RequestHead head;
    head.fields = fields(list);
    return head;
}

}  // namespace support
