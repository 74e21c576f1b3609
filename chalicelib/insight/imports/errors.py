"""Why a file is not imported."""

from chalicelib.kernel.errors import Conflict, Invalid


class NotUploaded(Conflict):
    """The import's file has not arrived at its upload URL."""

    code, title, title_zh = "not_uploaded", "The file has not been uploaded yet", "文件尚未上传"


class AlreadyStarted(Conflict):
    """The import is under way or over, so its file is not looked at any more."""

    code, title, title_zh = "import_started", "The import has been started", "导入已开始"


class FileReplaced(Conflict):
    """Another file took the place of the import's while it was read."""

    code, title, title_zh = "file_replaced", "The file was replaced", "文件已被替换"


class NotUndoable(Conflict):
    """The import is of a kind that cannot be undone, or not over, or brought nothing."""

    code, title, title_zh = "import_not_undoable", "The import cannot be undone", "该导入无法撤销"


class FileTooLarge(Invalid):
    """The file passes the size that an import takes."""

    code, title, title_zh = "file_too_large", "The file is too large", "文件过大"


class BadWorkbook(Invalid):
    """The file is a workbook that cannot be read, or something else that looks like one."""

    code, title, title_zh = "bad_workbook", "The workbook cannot be read", "无法读取该工作簿"
