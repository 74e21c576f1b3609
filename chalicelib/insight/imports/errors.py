"""Why a file is not imported."""

from chalicelib.kernel.errors import Conflict, Invalid


class NotUploaded(Conflict):
    """The import's file has not arrived at its upload URL."""

    code, title, title_zh = "not_uploaded", "The file has not been uploaded yet", "文件尚未上传"


class NotYetAvailable(Invalid):
    """The kind is known, but cannot be imported yet."""

    code, title, title_zh = "kind_not_available", "This kind cannot be imported yet", "暂不支持导入该类型"


class FileTooLarge(Invalid):
    """The file passes the size that an import takes."""

    code, title, title_zh = "file_too_large", "The file is too large", "文件过大"
