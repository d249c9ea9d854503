/* GET DATA and PUT DATA (ISO/IEC 7816-4 7.4.2, 7.4.3), on the owner's data objects. */
#include "fs/command.h"

#include "base/tlv.h"

/* ---- access ---- */

static uint16_t allowed(const struct fs_call *call, const struct fs_object *object,
                        uint8_t operation) {
    uint8_t rules[ACCESS_RULES_MAX];
    if (object->rules_len > sizeof rules)
        return SW_SECURITY_STATUS;
    if (object->rules_len != 0 && store_read(call->store, object->name, FS_OBJECT_HEAD, rules,
                                             object->rules_len) != ONECARD_OK)
        return SW_MEMORY_FAILURE;
    return access_allowed(rules, object->rules_len, operation, call->status) ? SW_OK
                                                                             : SW_SECURITY_STATUS;
}

static uint16_t find(const struct fs_call *call, uint32_t tag, uint8_t operation,
                     struct fs_object *out) {
    enum onecard_err err = fs_object_load(call->store, call->owner, tag, out);
    return err == ONECARD_OK ? allowed(call, out, operation) : apdu_status(err);
}

/* ---- GET ---- */

/* Add one object to the answer: the value alone, or with tag and length in front. */
static uint16_t add_object(struct fs_call *call, const struct fs_object *object, bool value_only) {
    struct apdu_answer *a = call->answer;
    size_t len = a->len;
    if (object->size > a->capacity - a->len)
        return SW_WRONG_LENGTH;
    enum onecard_err err =
        store_read(call->store, object->name, object->value, a->data + len, object->size);
    if (err != ONECARD_OK)
        return apdu_status(err);
    len += object->size;
    if (!value_only && !tlv_wrap(a->data, a->capacity, &len, a->len, object->tag))
        return SW_WRONG_LENGTH;
    a->len = (uint32_t)len;
    return SW_OK;
}

uint16_t fs_get_data(struct fs_call *call) {
    const struct apdu *c = call->command;
    struct fs_object object;
    if (c->lc != 0)
        return SW_WRONG_LENGTH;
    uint16_t sw = find(call, (uint32_t)(c->p1 << 8 | c->p2), ACCESS_READ, &object);
    if (sw == SW_OK)
        sw = add_object(call, &object, (object.flags & FS_OBJECT_VALUE_ONLY) != 0);
    return sw == SW_OK ? fs_call_whole(call, call->answer->len) : sw;
}

/* P1 P2 of the odd instructions name where the objects are: the current DF (3FFF) or EF (0000).
 * They belong to the applet as a whole here. */
static bool names_current(const struct apdu *c) {
    return (c->p1 == 0x3F && c->p2 == 0xFF) || (c->p1 == 0 && c->p2 == 0);
}

static uint16_t get_all(struct fs_call *call) {
    uint32_t cursor = 0;
    struct fs_object object;
    while (fs_object_next(call->store, call->owner, &cursor, &object) == ONECARD_OK) {
        if (allowed(call, &object, ACCESS_READ) != SW_OK)
            continue;
        uint16_t sw = add_object(call, &object, false);
        if (sw != SW_OK)
            return sw;
    }
    return call->answer->len != 0 ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

/* Data: a tag list 5C. The answer: the objects, one after the other; an empty list: all that may
 * be read. */
uint16_t fs_get_data_odd(struct fs_call *call) {
    const struct apdu *c = call->command;
    const uint8_t *p = c->data;
    struct tlv list;
    struct fs_object object;
    uint32_t tag;
    if (!names_current(c))
        return SW_WRONG_P1P2;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    const uint8_t *end = p + c->lc;
    if (!tlv_next(&p, end, &list) || p != end)
        return SW_WRONG_DATA;
    if (list.tag != 0x5C)
        return list.tag == 0x4D ? SW_FUNCTION_UNSUPPORTED : SW_WRONG_DATA;
    uint16_t sw = list.len == 0 ? get_all(call) : SW_OK;
    for (p = list.value, end = p + list.len; p != end && sw == SW_OK;) {
        if (!fs_tag_take(&p, end, &tag))
            return SW_WRONG_DATA;
        sw = find(call, tag, ACCESS_READ, &object);
        if (sw == SW_OK)
            sw = add_object(call, &object, false);
    }
    return sw == SW_OK ? fs_call_whole(call, call->answer->len) : sw;
}

/* ---- PUT ---- */

static uint16_t put(struct fs_call *call, uint32_t tag, const uint8_t *data, uint32_t len) {
    struct fs_object object;
    uint16_t sw = find(call, tag, ACCESS_UPDATE, &object);
    if (sw != SW_OK)
        return sw;
    if (len > object.size_max)
        return SW_WRONG_LENGTH;
    enum onecard_err err = fs_object_put(call->store, &object, data, len);
    return err == ONECARD_OK ? SW_OK : fs_call_status(err);
}

/* The data field is the value; empty it makes the object empty. */
uint16_t fs_put_data(struct fs_call *call) {
    const struct apdu *c = call->command;
    return put(call, (uint32_t)(c->p1 << 8 | c->p2), c->data, c->lc);
}

/* The data field is one data object or several. All are looked at before the first is changed. */
uint16_t fs_put_data_odd(struct fs_call *call) {
    const struct apdu *c = call->command;
    struct tlv t;
    struct fs_object object;
    uint32_t total = 0;
    if (!names_current(c))
        return SW_WRONG_P1P2;
    if (c->lc == 0)
        return SW_WRONG_LENGTH;
    const uint8_t *p = c->data, *end = p + c->lc;
    while (p != end) {
        if (!tlv_next(&p, end, &t))
            return SW_WRONG_DATA;
        uint16_t sw = find(call, t.tag, ACCESS_UPDATE, &object);
        if (sw != SW_OK)
            return sw;
        if (t.len > object.size_max)
            return SW_WRONG_LENGTH;
        total += t.len + 2 * FS_ROOM_SLACK;
    }
    if (store_room(call->store) < total)
        return SW_NO_SPACE;
    uint16_t sw = SW_OK;
    for (p = c->data; p != end && sw == SW_OK && tlv_next(&p, end, &t);)
        sw = put(call, t.tag, t.value, t.len);
    return sw;
}
