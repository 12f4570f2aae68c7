class AkomaNtosoError(Exception):
    message_th = ""
def import_law(root):
    raise AkomaNtosoError
