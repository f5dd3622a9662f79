# Generated from services/api/openapi.yaml by `blueprint contract render`; do not edit.
from collections.abc import Callable
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '\\S': re.compile('\\S'),
    '^[^@\\s]+@[^@\\s]+$': re.compile('^[^@\\s]+@[^@\\s]+\\Z'),
    '^[A-Za-z0-9_-]{1,64}$': re.compile('^[A-Za-z0-9_-]{1,64}\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    errors = []
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data_keys = set(data.keys())
        if "PlaceOrder" in data_keys:
            data_keys.remove("PlaceOrder")
            data__PlaceOrder = data["PlaceOrder"]
            try:
                validate___components_schemas_placeorder(data__PlaceOrder, custom_formats, (name_prefix or "data") + ".PlaceOrder")
            except JsonSchemaValuesException as e:
                errors.extend(e.errors)
        if "PutProfile" in data_keys:
            data_keys.remove("PutProfile")
            data__PutProfile = data["PutProfile"]
            try:
                validate___components_schemas_putprofile(data__PutProfile, custom_formats, (name_prefix or "data") + ".PutProfile")
            except JsonSchemaValuesException as e:
                errors.extend(e.errors)
    if errors: raise JsonSchemaValuesException(errors)
    return data

def validate___components_schemas_putprofile(data, custom_formats={}, name_prefix=None):
    errors = []
    if not isinstance(data, (dict)):
        errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['name'], 'additionalProperties': False, 'properties': {'name': {'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, 'email': {'type': ['string', 'null'], 'maxLength': 254, 'pattern': '^[^@\\s]+@[^@\\s]+$'}}}, rule='type'))
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['name']) - data.keys()
        if data__missing_keys:
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['name'], 'additionalProperties': False, 'properties': {'name': {'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, 'email': {'type': ['string', 'null'], 'maxLength': 254, 'pattern': '^[^@\\s]+@[^@\\s]+$'}}}, rule='required'))
        data_keys = set(data.keys())
        if "name" in data_keys:
            data_keys.remove("name")
            data__name = data["name"]
            if not isinstance(data__name, (str)):
                errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".name must be string", value=data__name, name="" + (name_prefix or "data") + ".name", definition={'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, rule='type'))
            if isinstance(data__name, str):
                data__name_len = len(data__name)
                if data__name_len < 1:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".name must be longer than or equal to 1 characters", value=data__name, name="" + (name_prefix or "data") + ".name", definition={'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, rule='minLength'))
                if data__name_len > 100:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".name must be shorter than or equal to 100 characters", value=data__name, name="" + (name_prefix or "data") + ".name", definition={'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, rule='maxLength'))
                if not REGEX_PATTERNS['\\S'].search(data__name):
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".name must match pattern \\S", value=data__name, name="" + (name_prefix or "data") + ".name", definition={'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, rule='pattern'))
        if "email" in data_keys:
            data_keys.remove("email")
            data__email = data["email"]
            if not isinstance(data__email, (str, NoneType)):
                errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".email must be string or null", value=data__email, name="" + (name_prefix or "data") + ".email", definition={'type': ['string', 'null'], 'maxLength': 254, 'pattern': '^[^@\\s]+@[^@\\s]+$'}, rule='type'))
            if isinstance(data__email, str):
                data__email_len = len(data__email)
                if data__email_len > 254:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".email must be shorter than or equal to 254 characters", value=data__email, name="" + (name_prefix or "data") + ".email", definition={'type': ['string', 'null'], 'maxLength': 254, 'pattern': '^[^@\\s]+@[^@\\s]+$'}, rule='maxLength'))
                if not REGEX_PATTERNS['^[^@\\s]+@[^@\\s]+$'].search(data__email):
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".email must match pattern ^[^@\\s]+@[^@\\s]+$", value=data__email, name="" + (name_prefix or "data") + ".email", definition={'type': ['string', 'null'], 'maxLength': 254, 'pattern': '^[^@\\s]+@[^@\\s]+$'}, rule='pattern'))
        if data_keys:
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['name'], 'additionalProperties': False, 'properties': {'name': {'type': 'string', 'minLength': 1, 'maxLength': 100, 'pattern': '\\S'}, 'email': {'type': ['string', 'null'], 'maxLength': 254, 'pattern': '^[^@\\s]+@[^@\\s]+$'}}}, rule='additionalProperties'))
    if errors: raise JsonSchemaValuesException(errors)
    return data

def validate___components_schemas_placeorder(data, custom_formats={}, name_prefix=None):
    errors = []
    if not isinstance(data, (dict)):
        errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['items'], 'additionalProperties': False, 'properties': {'items': {'type': 'array', 'minItems': 1, 'maxItems': 20, 'items': {'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'$ref': '#/components/schemas/ItemId'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}}}}, rule='type'))
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['items']) - data.keys()
        if data__missing_keys:
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['items'], 'additionalProperties': False, 'properties': {'items': {'type': 'array', 'minItems': 1, 'maxItems': 20, 'items': {'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'$ref': '#/components/schemas/ItemId'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}}}}, rule='required'))
        data_keys = set(data.keys())
        if "items" in data_keys:
            data_keys.remove("items")
            data__items = data["items"]
            if not isinstance(data__items, (list, tuple)):
                errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".items must be array", value=data__items, name="" + (name_prefix or "data") + ".items", definition={'type': 'array', 'minItems': 1, 'maxItems': 20, 'items': {'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'$ref': '#/components/schemas/ItemId'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}}, rule='type'))
            data__items_is_list = isinstance(data__items, (list, tuple))
            if data__items_is_list:
                data__items_len = len(data__items)
                if data__items_len < 1:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".items must contain at least 1 items", value=data__items, name="" + (name_prefix or "data") + ".items", definition={'type': 'array', 'minItems': 1, 'maxItems': 20, 'items': {'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'$ref': '#/components/schemas/ItemId'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}}, rule='minItems'))
                if data__items_len > 20:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".items must contain less than or equal to 20 items", value=data__items, name="" + (name_prefix or "data") + ".items", definition={'type': 'array', 'minItems': 1, 'maxItems': 20, 'items': {'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'$ref': '#/components/schemas/ItemId'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}}, rule='maxItems'))
                for data__items_x, data__items_item in enumerate(data__items):
                    try:
                        validate___components_schemas_requestedline(data__items_item, custom_formats, (name_prefix or "data") + ".items[{data__items_x}]".format(**locals()))
                    except JsonSchemaValuesException as e:
                        errors.extend(e.errors)
        if data_keys:
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['items'], 'additionalProperties': False, 'properties': {'items': {'type': 'array', 'minItems': 1, 'maxItems': 20, 'items': {'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'$ref': '#/components/schemas/ItemId'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}}}}, rule='additionalProperties'))
    if errors: raise JsonSchemaValuesException(errors)
    return data

def validate___components_schemas_requestedline(data, custom_formats={}, name_prefix=None):
    errors = []
    if not isinstance(data, (dict)):
        errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,64}$'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}, rule='type'))
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['item_id', 'quantity']) - data.keys()
        if data__missing_keys:
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,64}$'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}, rule='required'))
        data_keys = set(data.keys())
        if "item_id" in data_keys:
            data_keys.remove("item_id")
            data__itemid = data["item_id"]
            try:
                validate___components_schemas_itemid(data__itemid, custom_formats, (name_prefix or "data") + ".item_id")
            except JsonSchemaValuesException as e:
                errors.extend(e.errors)
        if "quantity" in data_keys:
            data_keys.remove("quantity")
            data__quantity = data["quantity"]
            if not isinstance(data__quantity, (int)) and not (isinstance(data__quantity, float) and data__quantity.is_integer()) or isinstance(data__quantity, bool):
                errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".quantity must be integer", value=data__quantity, name="" + (name_prefix or "data") + ".quantity", definition={'type': 'integer', 'minimum': 1, 'maximum': 99}, rule='type'))
            if isinstance(data__quantity, (int, float, Decimal)) and not isinstance(data__quantity, bool):
                if data__quantity < 1:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".quantity must be bigger than or equal to 1", value=data__quantity, name="" + (name_prefix or "data") + ".quantity", definition={'type': 'integer', 'minimum': 1, 'maximum': 99}, rule='minimum'))
                if data__quantity > 99:
                    errors.append(JsonSchemaValueException("" + (name_prefix or "data") + ".quantity must be smaller than or equal to 99", value=data__quantity, name="" + (name_prefix or "data") + ".quantity", definition={'type': 'integer', 'minimum': 1, 'maximum': 99}, rule='maximum'))
        if data_keys:
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'object', 'required': ['item_id', 'quantity'], 'additionalProperties': False, 'properties': {'item_id': {'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,64}$'}, 'quantity': {'type': 'integer', 'minimum': 1, 'maximum': 99}}}, rule='additionalProperties'))
    if errors: raise JsonSchemaValuesException(errors)
    return data

def validate___components_schemas_itemid(data, custom_formats={}, name_prefix=None):
    errors = []
    if not isinstance(data, (str)):
        errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must be string", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,64}$'}, rule='type'))
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[A-Za-z0-9_-]{1,64}$'].search(data):
            errors.append(JsonSchemaValueException("" + (name_prefix or "data") + " must match pattern ^[A-Za-z0-9_-]{1,64}$", value=data, name="" + (name_prefix or "data") + "", definition={'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,64}$'}, rule='pattern'))
    if errors: raise JsonSchemaValuesException(errors)
    return data


VALIDATORS: dict[str, Callable[[object], object]] = {
    "PlaceOrder": validate___components_schemas_placeorder,
    "PutProfile": validate___components_schemas_putprofile,
}
